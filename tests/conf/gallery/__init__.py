"""Every component on one page, for the tests of the look; a live server shows it, no route does."""
