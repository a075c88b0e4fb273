"""The people of the seeded account: names as customer lists really hold them, from many places and in many scripts.

Every e-mail domain ends in `.example`, so nobody real is ever meant.
"""

import unicodedata

GIVEN = (
    *("Lena", "Jonas", "Amélie", "Théo", "Zoë", "Søren", "Åsa", "Łukasz", "Agnieszka", "Nuño", "Inês", "Joaquín"),
    *("Chiara", "Matteo", "Siobhán", "Niamh", "Priya", "Arjun", "Ananya", "Mei", "Haruto", "Yuki", "Min-jun", "Seo-yeon"),
    *("Chidi", "Amara", "Kwame", "Thandiwe", "Omar", "Leïla", "Yusuf", "Noa", "Eitan", "Olga", "Dmitri", "Ioana"),
    *("Maya", "Liam", "Olivia", "Noah", "Emma", "Ethan", "Grace", "Marcus", "Renée", "Björn", "Žofia", "Çağla"),
)
FAMILY = (
    *("Kornfeld", "Weiß", "Dubois", "Lefèvre", "Nørgaard", "Lindqvist", "Wójcik", "Kowalska", "Ibáñez", "Gonçalves"),
    *("Ferrari", "O'Brien", "Ó Súilleabháin", "Sharma", "Venkataraghavan", "Chen", "Tanaka", "Nakamura", "Kim", "Okafor"),
    *("Mensah", "Dlamini", "Haddad", "Ben-David", "Petrov", "Ionescu", "Smith", "Johnson", "Nguyen", "van der Berg"),
    *("de la Cruz", "García", "Müller", "Schäfer", "Novák", "Öztürk", "MacDonald", "Park", "Silva", "Rossi"),
)
WHOLE = (
    ("山田 花子", "hanako.yamada"),
    ("王小明", "xiaoming.wang"),
    ("김서연", "seoyeon.kim"),
    ("محمد الأحمد", "m.alahmad"),
    ("דוד לוי", "david.levi"),
    ("Анна Иванова", "anna.ivanova"),
    ("Νίκος Παπαδόπουλος", "nikos.p"),
    ("สมชาย ใจดี", "somchai"),
    ("प्रिया शर्मा", "priya.sharma.in"),
    ("ACME [/b] ltd", "billing.acme"),
    ("👩‍🚀 Stella Nova", "stella.nova"),
    ("Ms. Wilhelmina Featherstonehaugh-Cholmondeley von und zu Hohenstein", "w.fch"),
)
PLACES = (
    *(("DE", "kornfeld"), ("US", "brightpath"), ("GB", "harbourlane"), ("FR", "atelier-nord"), ("JP", "hinode")),
    *(("US", "fernwood"), ("SE", "fjallstudio"), ("IN", "banyanworks"), ("BR", "mangue"), ("CA", "maplegrid")),
    *(("ES", "tresmares"), ("NL", "grachtlab"), ("PL", "zubr-it"), ("NG", "lagosloop"), ("KR", "hanbyeol")),
    *(("AU", "bluegum"), ("US", "mailbox"), ("US", "postbox"), ("CH", "gipfel"), ("IT", "borgonuovo")),
)
_PLAIN: dict[int, str] = {ord("ß"): "ss", ord("ø"): "o", ord("ł"): "l"}


def mailbox(given: str, family: str) -> str:
    """The part before the @, in plain letters."""
    plain = f"{given}.{family}".casefold().translate(_PLAIN)
    kept = unicodedata.normalize("NFKD", plain)
    return "".join(letter for letter in kept if letter.isascii() and (letter.isalnum() or letter == "."))
