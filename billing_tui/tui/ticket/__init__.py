"""One ticket, drawn: verdict, strip, remedies and the evidence behind tabs."""
