"""What HR systems send, read and checked row by row, without a database."""
