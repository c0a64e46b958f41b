"""Tables that come from outside: CSV in every dialect, workbooks, packages. No Django, bounded memory."""
