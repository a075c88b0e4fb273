"""The colours and what each means. Everything drawn names a meaning, never a colour.

Three themes: our own for terminals with 256 colours or more, one of the terminal's own sixteen, and one of greys for
`NO_COLOR`, in which what matters is bright and live is dark on light.
"""

from textual.theme import Theme

INK = "$ink"  # what is read
DIM = "$dim"  # what is looked up: ids, times, labels
GREY = "$grey"  # what is not there, or cannot be done
FAINT = "$faint"  # lines
GOOD = "$good"
ATTENTION = "$attention"
BAD = "$bad"
MONEY = "$money"
LINK = "$link"  # keys and what can be followed
CHOSEN = "bold $chosen-ink on $chosen"

NIGHT = Theme(
    name="billing-night",
    primary="#7aa2f7",
    secondary="#5d78b8",
    warning="#e0a34a",
    error="#f2554d",
    success="#8ac77f",
    accent="#7aa2f7",
    foreground="#dfe3ec",
    background="#10131b",
    surface="#10131b",
    panel="#1a1f2b",
    boost="#1a1f2b",
    dark=True,
    variables={
        "ink": "#dfe3ec",
        "dim": "#8a93a6",
        "grey": "#6d778b",
        "faint": "#4a5265",
        "good": "#8ac77f",
        "attention": "#e0a34a",
        "bad": "#f2554d",
        "money": "#e6c47a",
        "link": "#7aa2f7",
        "chosen": "#2b3344",
        "chosen-ink": "#ffffff",
        "band-ink": "#ffffff",
        "band-test": "#1f4f7a",
        "band-live": "#a8232d",
        "band-live-ink": "#ffffff",
        "chip-test": "#9ccbf5",
        "chip-live": "#ffffff",
        "chip-demo": "#e6c47a",
        "chip-ink": "#10131b",
        "chip-live-ink": "#a8232d",
        "input-cursor-background": "#dfe3ec",
        "input-cursor-foreground": "#10131b",
        "input-selection-background": "#3a4a6b",
        "scrollbar": "#2b3344",
        "scrollbar-hover": "#4a5265",
        "scrollbar-active": "#4a5265",
        "scrollbar-background": "#10131b",
        "scrollbar-background-hover": "#10131b",
        "scrollbar-background-active": "#10131b",
    },
)

GREYS = Theme(
    name="billing-greys",
    primary="#ffffff",
    secondary="#c8c8c8",
    warning="#ffffff",
    error="#ffffff",
    success="#d8d8d8",
    accent="#ffffff",
    foreground="#d8d8d8",
    background="#101010",
    surface="#101010",
    panel="#202020",
    boost="#202020",
    dark=True,
    variables={
        **NIGHT.variables,
        "ink": "#d8d8d8",
        "dim": "#9a9a9a",
        "grey": "#808080",
        "faint": "#585858",
        "good": "#d8d8d8",
        "attention": "#ffffff",
        "bad": "#ffffff",
        "money": "#d8d8d8",
        "link": "#ffffff",
        "chosen": "#484848",
        "band-ink": "#ffffff",
        "band-test": "#383838",
        "band-live": "#f0f0f0",
        "band-live-ink": "#000000",
        "chip-test": "#c8c8c8",
        "chip-live": "#000000",
        "chip-live-ink": "#ffffff",
        "chip-demo": "#909090",
        "chip-ink": "#000000",
    },
)

SIXTEEN = Theme(
    name="billing-sixteen",
    ansi=True,
    primary="ansi_bright_blue",
    secondary="ansi_cyan",
    warning="ansi_yellow",
    error="ansi_bright_red",
    success="ansi_green",
    accent="ansi_bright_blue",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    dark=True,
    variables={
        "ink": "ansi_default",
        "dim": "ansi_white",
        "grey": "ansi_bright_black",
        "faint": "ansi_bright_black",
        "good": "ansi_green",
        "attention": "ansi_yellow",
        "bad": "ansi_bright_red",
        "money": "ansi_yellow",
        "link": "ansi_bright_cyan",
        "chosen": "ansi_white",
        "chosen-ink": "ansi_black",
        "band-ink": "ansi_bright_white",
        "band-test": "ansi_blue",
        "band-live": "ansi_red",
        "band-live-ink": "ansi_bright_white",
        "chip-test": "ansi_cyan",
        "chip-live": "ansi_bright_white",
        "chip-demo": "ansi_yellow",
        "chip-ink": "ansi_black",
        "chip-live-ink": "ansi_red",
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
        "input-cursor-background": "ansi_white",
        "input-cursor-foreground": "ansi_black",
        "input-selection-background": "ansi_blue",
        "input-selection-foreground": "ansi_bright_white",
        "scrollbar": "ansi_bright_black",
        "scrollbar-background": "ansi_default",
    },
)
