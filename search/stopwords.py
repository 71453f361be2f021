"""Words too common to search for: they leave a query that has others."""

from __future__ import annotations

_RUSSIAN = """
а без более больше будет будто бы был была были было быть в вам вас вдруг ведь во вот впрочем все
всегда всего всех всю вы где да даже для до его ее ей ему если есть еще ж же за зачем здесь и из или
им иногда их к как какая какие какой когда кого которая которые который кто ли лучше между меня мне
много может можно мой моя мы на над надо наконец нас наш не него нее ней нельзя нет ни нибудь
никогда ним них ничего но ну о об один он она они опять от ото перед по под после потом потому почти
при про просто раз разве с сам свой свою себе себя сейчас со совсем так такая такие такой там тебя
тем теперь то тогда того тоже только том тот тут ты у уж уже хорошо хоть чего чей чем через что чтоб
чтобы чуть эта эти это этого этой этом этот эту я
"""

_ENGLISH = """
a about all also am an and any are as at be because been being but by can could did do does doing
for from had has have having he her here him his how i if in into is it its just me my no not of on
or our she should so some such than that the their them then there these they this those to too very
was we were what when where which while who why will with would you your
"""

STOP_WORDS = frozenset((_RUSSIAN + _ENGLISH).split())
