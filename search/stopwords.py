"""Stop words, which are dropped from queries that have other words."""

from __future__ import annotations

from search.analysis import fold

_RUSSIAN = """
а без более больше будет будто бы бывает бывают был была были было быть в вам вас вдруг ведь во вот
впрочем все всегда всего всех всю вы где да даже дай дать делать для до другая другие другое другой
другую его ее ей ему если есть еще ж же за зачем здесь значит и из или им иногда их ищу к как какая
какие каким каких каков какой каком какому какую когда кого кому которая которой которому которую
которые который которым которых кто ли либо лучше между меня мне много может можно мой моя мы на над
надо найди найти наконец напомни например нас наш не него нее ней нельзя нем нет ни нибудь никогда
ним них ничего но ну нужен нужна нужно нужны о об объясни один одна одни одно одного одной одну
означает он она они опять от ото очень перед по под подскажи покажи помоги после посоветуй потом
потому почему почти при про просто работает раз разве расскажи с сам сама сами само самый своем свои
своим своих свой свою сделать себе себя сейчас сколько со совсем справиться существуют так такая
также таки такие таким таких такое такой такую там тебя тем теперь то тогда того тоже только том тот
тут ты у уж уже устроен устроена устроено хорошо хоть хочу чего чей чем чему через что чтоб чтобы
чуть эта эти это этого этой этом этот эту я
"""

_ENGLISH = """
a about all also am an and any are as at be because been being between but by can could did do does
doing explain for from had has have having he her here him his how i if in into is it its just me
more most my need no not of on or other our she should so some such tell than that the their them
then there these they this those to too used using very via want was we were what when where which
while who why will with would you your
"""

STOP_WORDS = frozenset((_RUSSIAN + _ENGLISH).split())


def is_stop_word(word: str) -> bool:
    """Return whether a word is a stop word, such as `как` or `из-за`; but `to-be` is a term."""
    folded = fold(word)
    return folded in STOP_WORDS or (
        not folded.isascii() and all(part in STOP_WORDS for part in folded.split("-"))
    )
