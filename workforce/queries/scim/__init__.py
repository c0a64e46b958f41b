"""What a SCIM client asks for, in SQL."""
