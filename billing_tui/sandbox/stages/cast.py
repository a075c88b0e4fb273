"""Who plays which cause: names that one remembers, and others for whoever is staged after them.

No world in here, only names and addresses.
"""

from dataclasses import dataclass

from billing_tui.sandbox.options import Mode


@dataclass(frozen=True)
class Person:
    first: str
    last: str
    email: str

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


def _person(name: str, email: str) -> Person:
    first, _, last = name.partition(" ")
    return Person(first, last, email)


LEADS: dict[str, dict[Mode, Person]] = {
    rule: {"test": _person(*test), "live": _person(*live)}
    for rule, test, live in (
        ("PBF-001", ("Piet Vanderwal", "piet@vanderwal.example"), ("Noor Jansen", "noor@jansen-ink.example")),
        ("PBF-003", ("Marta Lindqvist", "marta@fjordware.example"), ("Ingrid Solberg", "ingrid@solberg.example")),
        ("PBF-004", ("Dario Conti", "dario@contilabs.example"), ("Giulia Ferri", "giulia@ferri.example")),
        ("PBF-010", ("Ravi Menon", "ravi@menonworks.example"), ("Asha Pillai", "asha@pillai.example")),
        ("PBF-011", ("Chloé Martin", "chloe@atelier-martin.example"), ("Hugo Lefèvre", "hugo@lefevre.example")),
        ("PBF-013", ("Tom Okafor", "tom@okafor.example"), ("Amara Eze", "amara@eze.example")),
        ("PBF-020", ("Hana Sato", "hana@satobooks.example"), ("Yuki Mori", "yuki@morikawa.example")),
        ("PBF-021", ("Diego Ramos", "diego@ramosfoto.example"), ("Lucía Vega", "lucia@vega.example")),
        ("PBF-030", ("Ewa Nowak", "ewa@nowak-studio.example"), ("Jan Kowal", "jan@kowal.example")),
        ("PBF-031", ("Felix Brandt", "felix@brandt.example"), ("Nina Vogel", "nina@vogelhaus.example")),
        ("PBF-032", ("Sofia Papadaki", "sofia@papadaki.example"), ("Nikos Laskaris", "nikos@laskaris.example")),
        ("PBF-041", ("Omar Haddad", "omar@haddad.example"), ("Leila Nasser", "leila@nasser.example")),
        ("PBF-050", ("Grace Kimani", "grace@kimani.example"), ("Peter Otieno", "peter@otieno.example")),
        ("PBF-051", ("Lars Holm", "lars@holm.example"), ("Astrid Berg", "astrid@bergdata.example")),
        ("PBF-052", ("Mei Chen", "mei@chenpress.example"), ("Wei Zhang", "wei@zhang.example")),
        ("PBF-054", ("Lena Kornfeld", "lena@kornfeld.example"), ("Karl Kornfeld", "karl@kornfeld.example")),
        ("PBF-058", ("Ivo Petrov", "ivo@petrov.example"), ("Mila Petrova", "mila@petrova.example")),
        ("PBF-060", ("Ana Sousa", "ana@sousa.example"), ("Rui Costa", "rui@costa.example")),
        ("PBF-070", ("Ben Carter", "ben@carterandco.example"), ("Zoe Hughes", "zoe@hughes.example")),
        ("PBF-072", ("Priya Nair", "priya@nair.example"), ("Arjun Rao", "arjun@rao.example")),
        ("PBF-080", ("Emil Dahl", "emil@dahl.example"), ("Freja Lund", "freja@lund.example")),
        ("PBF-090", ("Sara Weiss", "sara@weiss.example"), ("Noah Klein", "noah@klein.example")),
        ("PBF-002", ("Rosa Lehmann", "familie@lehmann.example"), ("Ada Winter", "kasse@winterhof.example")),
        ("PBF-005", ("Timo Roth", "timo@roth.example"), ("Vera Blau", "vera@blau.example")),
        ("PBF-006", ("Elif Demir", "elif@demir.example"), ("Can Aydin", "can@aydin.example")),
        ("PBF-012", ("Ole Hansen", "ole@hansenfisk.example"), ("Liv Dahlgren", "liv@dahlgren.example")),
        ("PBF-014", ("Iris Keller", "iris@keller.example"), ("Max Huber", "max@huber.example")),
        ("PBF-022", ("Paula Reis", "paula@reis.example"), ("Joao Lima", "joao@lima.example")),
        ("PBF-023", ("Nora Falk", "nora@falkfilm.example"), ("Erik Lund", "erik@lundfilm.example")),
        ("PBF-040", ("Hugo Prinz", "hugo@prinz.example"), ("Olga Frank", "olga@frank.example")),
        ("PBF-043", ("Kim Larsen", "kim@larsen.example"), ("Per Juhl", "per@juhl.example")),
        ("PBF-053", ("Ida Thiel", "ida@thiel.example"), ("Leo Marx", "leo@marx.example")),
        ("PBF-055", ("Rita Gomez", "rita@gomez.example"), ("Luis Prado", "luis@prado.example")),
        ("PBF-056", ("Anna Beck", "anna@beck.example"), ("Jens Pohl", "jens@pohl.example")),
        ("PBF-057", ("Yara Silva", "yara@silva.example"), ("Davi Melo", "davi@melo.example")),
        ("PBF-059", ("Lea Simon", "lea@simon.example"), ("Theo Renard", "theo@renard.example")),
        ("PBF-061", ("Mika Virta", "mika@virta.example"), ("Aino Salo", "aino@salo.example")),
        ("PBF-062", ("Zofia Wilk", "zofia@wilk.example"), ("Adam Lis", "adam@lis.example")),
        ("PBF-063", ("Carl Engel", "carl@engel.example"), ("Dora Weber", "dora@weber.example")),
        ("PBF-071", ("Nils Persson", "nils@persson.example"), ("Maja Ek", "maja@ek.example")),
        ("PBF-074", ("Sami Laine", "sami@laine.example"), ("Elsa Koski", "elsa@koski.example")),
        ("PBF-081", ("Lou Girard", "lou@girard.example"), ("Ines Morel", "ines@morel.example")),
        ("PBF-082", ("Bo Andersen", "bo@andersen.example"), ("Ulla Krog", "ulla@krog.example")),
        ("PBF-084", ("Gina Rossi", "gina@rossi.example"), ("Elio Bruno", "elio@bruno.example")),
        ("PBF-099", ("Ruth Adler", "ruth@adler.example"), ("Paul Stern", "paul@stern.example")),
    )
}

FIRST = ("Alma", "Bela", "Clara", "Dag", "Edda", "Finn", "Greta", "Hilde", "Ilse", "Jonas", "Kaia", "Lotte")
LAST = ("Abend", "Birke", "Dorn", "Eiche", "Falk", "Hafer", "Kiesel", "Linde", "Moos", "Nebel", "Regen", "Sturm")


def extra(number: int) -> Person:
    """Somebody for the n-th stage beyond the leads; no two numbers give the same address."""
    round_, place = divmod(number, len(FIRST) * len(LAST))
    first, last = FIRST[place % len(FIRST)], LAST[place // len(FIRST)]
    return Person(first, last, f"{first.lower()}{round_ or ''}@{last.lower()}.example")
