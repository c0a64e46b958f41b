"""SCIM 2.0 for identity providers such as Microsoft Entra ID and Okta. See docs/scim.md."""
