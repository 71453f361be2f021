"""Stop words, which are dropped from queries that have other words."""

from __future__ import annotations

from search.analysis import fold

_RUSSIAN = """
а без более больше будет будто буду будут бы бывает бывают был была были было быть в вам вас вдруг
ведь во вот впрочем все всегда всего всех всю вы где да даже дай дайте дать делать для до другая
другие другое другой другую его ее ей ему если есть еще ж же за зачем здесь здравствуйте знает
знаете знаешь значит знают и из или им именно иначе иногда интересно интересует их ищете ищу к как
какая какие каким каких каков какова каково каковы какой каком какому какую когда кого кому которая
которой которому которую которые который которым которых кто ли либо лучше между меня мне
много может можно мой моя мы на над надо назвать назови назовите называется называлась назывались
называлось назывался называют называются найди найдите найти наконец напомни напомните например нас
насколько наш не него нее ней нельзя нем нет ни нибудь никогда никто ним них ничего но ну нужен
нужна нужно нужны о об объясни объясните один одна одни одно одного одной одну означает он она они
опять от откуда ото отчего очень перед по под подробнее подскажи подскажите подсказать пожалуйста
покажи покажите помоги помогите порекомендуйте после посоветуй посоветуйте потом потому почему
почти при про произошла произошло происходит просто работает раз разве расскажи расскажите
с сам сама сами само самый своем свои своим своих свой свою сделать себе себя сейчас
скажи скажите сказать сколько случилось со совсем спасибо справиться стал стала стали стало
существуют так такая также таки такие таким таких такое такой такую там тебя тем теперь то тогда
того тоже только том тот тут ты у уж уже устроен устроена устроено хорошо
хоть хочу чего чей чем чему через что чтоб чтобы чуть чье чьи чья эта эти этим этими этих
это этого этой этом этому этот эту я является являлась являлись являлось являлся являются
"""

_ENGLISH = """
a about all also am an and any anybody anyone anything are as at be because been being between but
by can could did do does doing everyone explain for from had has have having he her here him
his how i if in into is it its just know knows me more most my need no not of on or other our
please pls she should so some somebody someone something such tell than that the their
them then there these they this those to too used using very via want was we were what when where
whether which while who whom whose why will with would you your
"""

STOP_WORDS = frozenset((_RUSSIAN + _ENGLISH).split())


def is_stop_word(word: str) -> bool:
    """Return whether a word is a stop word, such as `как` or `из-за`; but `to-be` is a term."""
    folded = fold(word)
    return folded in STOP_WORDS or (
        not folded.isascii() and all(part in STOP_WORDS for part in folded.split("-"))
    )
