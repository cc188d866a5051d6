"""Names of a generated book: plainly fictional people, trusts, companies and foundations.

First names and surnames are lists of our own. Surnames are unusual, so that a pair hardly ever is a person
anybody has heard of; pairs that would be are listed and skipped.
"""

from __future__ import annotations

import numpy as np

FIRST_NAMES = (
    "Adelaide", "Alasdair", "Amara", "Ambrose", "Anselm", "Apolline", "Arjun", "Astrid", "Aurelio",
    "Bastian", "Beatrix", "Benedikt", "Brigid", "Caius", "Calista", "Casimir", "Celestine", "Chidi",
    "Clementine", "Corbin", "Cosima", "Dashiell", "Delphine", "Desmond", "Dorothea", "Ebele", "Edmund",
    "Eleni", "Elspeth", "Emeka", "Ephraim", "Esme", "Eulalia", "Everett", "Fennimore", "Fiadh", "Florian",
    "Georgina", "Giancarlo", "Greta", "Gwendolen", "Hadley", "Hamish", "Harriet", "Hideo", "Hollis",
    "Ignatius", "Imogen", "Ines", "Ingrid", "Isidora", "Ismael", "Jarrah", "Jessamine", "Joaquin",
    "Josephine", "Kalinda", "Keziah", "Kofi", "Lavinia", "Leandro", "Leopold", "Linnea", "Lorcan",
    "Lucinda", "Magnus", "Malachi", "Marguerite", "Marisol", "Matthias", "Meera", "Mirabel", "Mireille",
    "Nadia", "Nathaniel", "Niamh", "Odalys", "Octavia", "Orson", "Ottoline", "Padraig", "Percival",
    "Perpetua", "Philippa", "Priya", "Quentin", "Ramona", "Raphael", "Renske", "Rosalind", "Rufus",
    "Saoirse", "Sebastian", "Seraphina", "Silas", "Solveig", "Tamsin", "Tancredi", "Thaddeus", "Theodora",
    "Thandiwe", "Tobias", "Ulrika", "Valentina", "Verity", "Viggo", "Wilhelmina", "Winifred", "Xiomara",
    "Yusuf", "Zadie", "Zebedee", "Zephyrine",
)  # fmt: skip

SURNAMES = (
    "Abernethy", "Adeyinka", "Aldworth", "Ambrosetti", "Amundbrook", "Ashgrove", "Balasubra",
    "Barrowclough", "Beaumaris", "Bellweather", "Birkensnaw", "Blackthorne", "Brandywood", "Brightwater",
    "Broomfleet", "Calloway", "Carrickmore", "Castellane", "Chakravorty", "Cholmondry", "Coldstream",
    "Corvane", "Crannoch", "Dalrympton", "Delacourcy", "Denholme", "Devaraja", "Dunmallet", "Eastergate",
    "Egbuniwe", "Ellingsworth", "Elphinbrook", "Espadero", "Fairbairnly", "Falkenrath", "Farthingale",
    "Featherstow", "Ferncastle", "Figueralta", "Forrestal", "Galbraithe", "Garrowby", "Glenfallow",
    "Goldthwaite", "Grantchester", "Greenslade", "Hallorane", "Harrowgate", "Hartigan-Voss", "Haverstock",
    "Hazelrigg", "Heatherington", "Holloworth", "Hornbeam", "Ibarrola", "Inverleith", "Iwasakira",
    "Jankowitz", "Kavanaughty", "Kestrelton", "Kilbrandon", "Kingsmere", "Kirkbride", "Lamplough",
    "Langstroth", "Larkenshaw", "Lindqvist", "Loxleigh", "Lundergaard", "Macklethwaite", "Marchbanks",
    "Marisquez", "Mendelstam", "Merriwether", "Montclarion", "Mossgiel", "Mukherjani", "Nakagawara",
    "Netherby", "Nordenfjeld", "Oakhollow", "Obiakor", "Okaforth", "Oldcastle", "Ormondroyd", "Osterhaus",
    "Palgrave", "Pemberley", "Pennyfeather", "Petrossian", "Quickenborne", "Quintanar", "Rainsborough",
    "Ravensdale", "Rosenkilde", "Rowanshaw", "Saltmarsh", "Sandoval-Reyes", "Satterthwaite", "Silverlock",
    "Skelmersdale", "Somerville-Oyelaran", "Standish-Mori", "Strathallan", "Summerscale", "Tanglewood",
    "Thistlewood", "Thornbury", "Tolliver-Nwosu", "Trelawney", "Underhall", "Vandermolen",
    "Vasilakis-Bright", "Venkatarama", "Wainscott", "Waldegrave", "Wetherell", "Whitfield",
    "Winterbourne", "Wolstenholme", "Wyckham", "Yarborough", "Yellowlees", "Zimmerhof",
)  # fmt: skip

# First and last name of people somebody could take for the real one.
KNOWN_PEOPLE = frozenset({("Sebastian", "Forrestal"), ("Orson", "Calloway"), ("Edmund", "Waldegrave")})

PLACES = (
    "Alder Creek", "Birchmont", "Blue Heron", "Cedar Hollow", "Copper Ridge", "Elk Prairie",
    "Fairhaven Point", "Foxglove", "Granite Bay", "Harbor Light", "Juniper Mesa", "Kingfisher",
    "Larkspur", "Maple Landing", "Northwind", "Osprey Cove", "Pinecrest", "Quarry Hill", "Red Maple",
    "Sagebrush", "Stonebridge", "Tamarack", "Three Rivers", "Willow Bend",
)  # fmt: skip
CHARITIES = (
    "Community Foundation", "Children's Literacy Fund", "Land Conservancy", "Hospice Association",
    "Arts Alliance", "Food Bank Endowment", "Animal Rescue League", "Scholarship Fund",
)  # fmt: skip
COMPANIES = ("Holdings LLC", "Family Partners LP", "Properties LLC", "Ventures LLC")


def pick_names(first: np.ndarray, last: np.ndarray) -> tuple[list[str], list[str]]:
    """First names and surnames by their number, never a pair of KNOWN_PEOPLE.

    Args:
        first, last: row numbers into FIRST_NAMES and SURNAMES, equal length.
    """
    firsts = [FIRST_NAMES[i] for i in first.tolist()]
    lasts = [SURNAMES[i] for i in last.tolist()]
    for row, pair in enumerate(zip(firsts, lasts, strict=True)):
        if pair in KNOWN_PEOPLE:
            firsts[row] = FIRST_NAMES[0]
    return firsts, lasts
