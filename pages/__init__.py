"""What people see: one file per page, no logic; `pages.parts` is what pages share."""
