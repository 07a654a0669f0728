"""Qt widgets that know no subject: they show what they are given and tell what the user does."""
