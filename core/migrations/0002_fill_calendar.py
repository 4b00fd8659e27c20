"""Fill the calendar: the published years 2004 to 2026, and the two after them estimated."""

import chinese_calendar
from django.db import migrations

from core.calendar_table import day_rows, estimated_exceptions, to_json

PUBLISHED = range(2004, 2027)
ESTIMATED = range(2027, 2029)
ROWS_BATCH = 500

# Only numbers that are certain; the others stay blank.
DOCUMENT_NUMBERS = {
    2007: "国办发明电〔2006〕49号",
    2020: "国办发明电〔2019〕16号、国办发明电〔2020〕1号",
    2021: "国办发明电〔2020〕27号",
    2022: "国办发明电〔2021〕11号",
    2023: "国办发明电〔2022〕16号",
    2024: "国办发明电〔2023〕7号",
    2025: "国办发明电〔2024〕12号",
    2026: "国办发明电〔2025〕7号",
}
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}


def published_exceptions(year):
    holidays = {day: ("holiday", NAMES[name]) for day, name in chinese_calendar.holidays.items() if day.year == year}
    makeup = {day: ("makeup", NAMES[name]) for day, name in chinese_calendar.workdays.items() if day.year == year}
    return holidays | makeup


def fill(apps, schema_editor):
    CalendarYear = apps.get_model("core", "CalendarYear")
    CalendarDay = apps.get_model("core", "CalendarDay")
    years = [(year, "official", published_exceptions(year)) for year in PUBLISHED]
    years += [(year, "estimated", estimated_exceptions(year)) for year in ESTIMATED]
    number, days = 0, []
    for year, source, exceptions in years:
        version = CalendarYear.objects.create(
            year=year,
            source=source,
            document_number=DOCUMENT_NUMBERS.get(year, ""),
            exceptions=to_json(exceptions),
        )
        rows = day_rows(year, exceptions, number)
        number = rows[-1]["working_days_to_date"]
        days += [CalendarDay(calendar=version, **row) for row in rows]
    CalendarDay.objects.bulk_create(days, batch_size=ROWS_BATCH)


def empty(apps, schema_editor):
    apps.get_model("core", "CalendarDay").objects.all().delete()
    apps.get_model("core", "CalendarYear").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [migrations.RunPython(fill, empty)]
