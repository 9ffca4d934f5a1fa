"""What tests/run is made of: ground (user, folders, environment), collect (what there is
to run), cases (running one), verdict (skips, details, the count)."""
