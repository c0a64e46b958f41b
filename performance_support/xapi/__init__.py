"""What a learning record store (LRS) is told, in xAPI 1.0.3: how it is said, whether it is sound, how it is sent."""
