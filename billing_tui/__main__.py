"""`python -m billing_tui` is `billing-tui`."""

from billing_tui.cli.main import main

if __name__ == "__main__":
    main()
