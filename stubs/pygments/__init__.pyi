from pygments.formatters import HtmlFormatter
from pygments.lexers import Lexer

def highlight(code: str, lexer: Lexer, formatter: HtmlFormatter) -> str: ...
