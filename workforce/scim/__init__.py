"""SCIM 2.0 (RFC 7643, 7644) as identity providers speak it; what it means for people is in actions/provisioning.py."""
