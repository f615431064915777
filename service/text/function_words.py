"""Small words that give a language away: what detection leans on when a text is short."""

from collections.abc import Iterable
from typing import Final

_LISTS: Final[dict[str, str]] = {
    "en": """a about after again all am an and any are aren't as at be because been before but by
        can can't cannot could did didn't do does doesn't don't for from get got had has have
        he her here him his how i i'd i'll i'm i've if in into is isn't it it's its just like
        me more my never no not now of off on once one or our out over please she should since
        so some still than thank thanks that that's the their them then there these they this
        those to too up us was wasn't we were what when where which while who why will with
        won't would you your yours nothing every another wheres anybody sorry whats your's u
        ur pls plz""",
    "pl": """a aby ale albo ani bez bo brak był była było były być bym będzie będę chce ci co coś
        czemu czy dla do dlaczego dziś gdy gdzie go ich i ile ja jak jaka jakie jako jest
        jestem jeszcze już każdym ktoś kiedy kto która które który ma mam mi mnie mnie mogę
        moge moja moje mojego mój może na nad nam nas nawet nic nie niej niego nigdy no o od
        ona on oni oraz pan pani po pod proszę prosze przez przy razy są się sie skoro ta tak
        tam te tego tej ten też to tu tylko tym u w wam was wasz wasza wcale we więc z za ze
        znowu żeby przykro że zeby czekam mial mieć mnie dziękuję dzień proszę państwa mija
        jutro końcu""",
    "es": """a al algo alguien año antes aquí así aún cada casi como cómo con cual cuando cuándo de
        del desde donde dónde dos e el él ella ellos en entre era eres es esa ese eso esta
        está están este esto estoy fue ha hace han has hasta hay he la las le les llevo lo los
        más me mi mis mucho muy nada nadie ni no nos nunca o os otra otro para pero por porque
        qué que quien se sea sin sigo sobre solo son soy su sus también te tengo tiene todo tu
        tus tú un una usted ustedes va van vez veces y ya yo vuestro vuestra gracias siento
        dejo ayer puedo me te""",
    "de": """aber alle als also am an auch auf aus bei beim bin bis bitte da damit dann das dass
        dein deine dem den denn der des dich die dir doch du ein eine einem einen einer er es
        euch euer eure für gar gibt hab habe haben hat hatte hier ich ihm ihr ihre immer in
        ins ist jedem ja jetzt kann kein keine keinen können man mal mehr mein meine meinem
        meinen mich mir mit nach nicht nichts nie niemand nix noch nur ob oder ohne schon sehr
        seit sein sich sie sind so über um und uns unser unsere von vor war waren warum was
        wegen weil wenn wer werden wie wieder wir wird wo wurde zu zum zur zwei leid danke
        seid heute gern""",
    "fr": """ai au aucune aussi avec c'est ce ces cette chez dans de des depuis deux dit donc du
        elle en encore est et être fait fois ici il ils j'ai je jamais la là le les leur lui
        ma mais me mes moi mois mon même n'est ne nos notre nous on ou où par pas personne
        plus pour pourquoi qu'on que qui quoi rien sa sans se ses si son sont sous sur ta te
        toujours tous tout très tu un une va vos votre vous y été l'ai merci bonjour""",
    "it": """a al alla anche ancora avete che chi ci come con cosa da dal dalla davanti dei del
        della delle di dopo dove e è era gli ha hai hanno ho i il in io la le lei lo loro ma
        mai me mi mia mio molto ne nella nessun nessuna nessuno niente noi non nostro o ogni
        per perché più poi qualcuno quando quello questa questo se sei senza si solo sono
        sotto stato su tre tutti tutto un una uno vi voi volta vostro per com'è grazie""",
    "pt": """a ainda ao aos as até com como da das de depois do dos duas e é ela ele eles em então
        era essa esse esta está estava eu foi há isso já lhe mais mas me mesmo meu meus minha
        muito na não nada nas nem ninguém no nos nós o os ou para pela pelo por porque qual
        quando que quem se sem ser seu sua só são também tem tenho ter tudo um uma vez vezes
        você vocês obrigado obrigada""",
    "nl": """aan al alle als altijd bij dan dat de deze die dit door een en er geen had heb hebben
        heeft het hier hoe hun ik in is je jij jullie kan maar me meer met mij mijn moet na
        naar niet niets niemand nog nu of om omdat onder ons onze ook op over steeds te toch
        tot uit van veel volgens voor waarom waar wat we weer wel werd wie wij wordt zijn zo
        zonder zou bedankt""",
    "cs": """a aby ale ani asi až bez bude být by byl byla bylo co což do ho i já jak jako je jeho
        jen jsem jsi jsme jsou jste k kde kdo když který která které mi mě mně můj moje má mám
        na nad nebo není než nic nikdo o od po pod pořád pro prý proč při před s se si tak
        také tam ten to tu už v vám váš vy z za ze že žádná žádný už děkuji""",
    "uk": """а або але без був була було бути в вам вас ви від він вона вони все ще де для до досі
        з за і й його коли мене мені мій моє моя моя на над не немає ні ніхто нічого ось по
        під про світло та так там то тут у хто це чи чому що щоб я як який яка дякую""",
    "sv": """alla att av blev bli de den det där efter en ett fick från för fortfarande han har hos
        hur i in ingen inget inte jag ju kan kommer man med men mig min mitt måste ni nu någon
        och om oss på sedan sig som så till tre upp ut utanför var vad vi vid är även över er
        ert tack""",
    "da": """af alle at blev da de den der det dig din du efter eller en er et for fra få har havde
        hvad hvor hvorfor i ikke ind ingen intet jeg jer kan man med meget men mig min mit
        nogen nu og om op os på selv siden sig som stadig til ud var ved vi være været tak""",
    "hu": """a az és hogy nem is egy van volt de ha már csak még mi ez azt meg mint el ki én te ő
        mert nincs sem nekem mikor hol miért vagy minden semmi köszönöm""",
    "ro": """a acest al am ar are au că ce cu cum de din este eu fi fost în la mai mea meu mi nici
        nimeni nimic nu o pe pentru sa să se și sunt te un una unde vă mulțumesc""",
    "tr": """ama ben bir biz bu çok da daha de değil diye en gibi hala hiç için ile kadar ki mi ne
        neden o olan sonra siz şey ve var ya yok teşekkürler""",
    "ru": """а без бы был была было быть в вам вас вы где да для до его ещё и из или как когда кто
        меня мне мой моя мы на не нет ни никто ничего но о он она они от по под почему при с
        так там то тут у уже что чтобы это я спасибо""",
    "sk": """a aby ale ani až bez bol bola bolo by byť čo do ešte ho i ja je jeho každý kde keď kto
        ktorá ktorý mi mňa moja môj má mám na nad nie nič nikto o od po pod pre prečo pri s sa
        si som sme sú tak také ten to tu už v vám váš vy z za zo že žiadna ďakujem""",
}

WORDS: Final[dict[str, frozenset[str]]] = {
    code: frozenset(words.split()) for code, words in _LISTS.items()
}


def function_word_share(words: Iterable[str], language: str) -> float:
    """The share of the words that are small words of that language, from 0 to 1."""
    listed = tuple(words)
    known = WORDS.get(language, frozenset())
    return sum(word in known for word in listed) / len(listed) if listed else 0.0
