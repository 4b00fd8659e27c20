from reports.models.exports import ExportJob
from reports.models.published import PublishedFigures, PublishedResults
from reports.models.reports import IssuedReport, Report
from reports.models.service_items import ServiceItemsList

__all__ = ["ExportJob", "IssuedReport", "PublishedFigures", "PublishedResults", "Report", "ServiceItemsList"]
