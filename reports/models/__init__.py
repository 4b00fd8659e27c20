from reports.models.common import CommonFinding, CommonProposal, CommonProposalCase
from reports.models.exports import ExportJob
from reports.models.published import PublishedFigures, PublishedResults
from reports.models.reports import IssuedReport, Report
from reports.models.service_items import ServiceItemsList
from reports.models.typical import TypicalCase, TypicalNews

__all__ = [
    "CommonFinding",
    "CommonProposal",
    "CommonProposalCase",
    "ExportJob",
    "IssuedReport",
    "PublishedFigures",
    "PublishedResults",
    "Report",
    "ServiceItemsList",
    "TypicalCase",
    "TypicalNews",
]
