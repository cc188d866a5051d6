"""The ground floor's records: who the client is, what is held, what was said."""

from households.models.accounts import Account, Household, Person, TaxUnit
from households.models.changes import Change, ExportRecord
from households.models.column_mappings import (
    ColumnMapping,
    ColumnMappingChange,
    WaitingFile,
    WaitingUpload,
)
from households.models.facts import AccountFacts, FactColumns, Intake
from households.models.handovers import HandOver
from households.models.holdings import Position, TaxLot
from households.models.imports import Import, ImportFile, ImportMend, ImportRow, ImportSnapshot
from households.models.saved_views import SavedView, StartingView
from households.models.securities import (
    Security,
    SecurityChange,
    SecurityProposal,
    Universe,
    UniverseChange,
    UniverseMember,
)
from households.models.tokens import ApiToken
from households.models.users import Office, Team, User

__all__ = [
    "Account",
    "AccountFacts",
    "ApiToken",
    "Change",
    "ColumnMapping",
    "ColumnMappingChange",
    "ExportRecord",
    "FactColumns",
    "HandOver",
    "Household",
    "Import",
    "ImportFile",
    "ImportMend",
    "ImportRow",
    "ImportSnapshot",
    "Intake",
    "Office",
    "Person",
    "Position",
    "SavedView",
    "Security",
    "SecurityChange",
    "SecurityProposal",
    "StartingView",
    "TaxLot",
    "TaxUnit",
    "Team",
    "Universe",
    "UniverseChange",
    "UniverseMember",
    "User",
    "WaitingFile",
    "WaitingUpload",
]
