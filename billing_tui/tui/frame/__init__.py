"""What every screen has around it: the band, the places, the notice and the keys."""
