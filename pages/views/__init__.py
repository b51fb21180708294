"""Pages that every app shares: lists with their workbooks and bulk actions, saved views."""
