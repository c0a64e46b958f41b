"""django-scim2 as its own documentation has it, in a process, a database and settings of its own."""
