"""What stands outside, each behind a Protocol of the slice or package that needs it."""
