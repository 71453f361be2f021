"""The colours of charts, on a light and on a dark paper."""

from charts.layout import Tone

LIGHT = {
    Tone.PAPER: "#ffffff",
    Tone.INK: "#1f2933",
    Tone.FAINT: "#5d6975",
    Tone.GRID: "#e3e8ee",
    Tone.BAR: "#2f7ac0",
}
DARK = {
    Tone.PAPER: "#17202a",
    Tone.INK: "#e8edf2",
    Tone.FAINT: "#9fb0c0",
    Tone.GRID: "#2c3a48",
    Tone.BAR: "#5aa9e6",
}
