"""把同目录的 listings.csv、enterprises.csv 写成 XLSX（需要 openpyxl）。

同样的输入总是得到逐字节相同的文件：文档属性和压缩包内的时间都是固定值。
用法：python make.py
"""
import csv
import io
import re
import zipfile
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

HERE = Path(__file__).resolve().parent
STAMP = datetime(2026, 1, 1)
DATES = {"申请日", "授权公告日", "许可期限届满日", "公告日期"}
WIDE = {"摘要", "主权利要求", "经营范围", "技术需求", "自有专利"}


def build(source: Path, sheet: str) -> bytes:
    with source.open(encoding="utf-8", newline="") as f:
        header, *rows = csv.reader(f)
    book = Workbook()
    page = book.active
    page.title = sheet
    page.append(header)
    for row in rows:
        page.append([date.fromisoformat(v) if h in DATES else v or None for h, v in zip(header, row)])
    for cells, name in zip(page.columns, header):
        page.column_dimensions[get_column_letter(cells[0].column)].width = 48 if name in WIDE else 20
        cells[0].font = Font(bold=True)
        for cell in cells[1:]:
            cell.number_format = "yyyy-mm-dd" if name in DATES else "@"
            cell.alignment = Alignment(vertical="top", wrap_text=name in WIDE)
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions
    book.properties.creator = "duijie"
    book.properties.created = STAMP
    raw = io.BytesIO()
    book.save(raw)
    return fix_times(raw)


def fix_times(raw: io.BytesIO) -> bytes:
    """openpyxl 保存时写入当前时间，这里换成固定时间。"""
    out = io.BytesIO()
    stamp = STAMP.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(raw) as src, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as dst:
        for name in src.namelist():
            data = src.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
            info = zipfile.ZipInfo(name, STAMP.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            dst.writestr(info, data)
    return out.getvalue()


if __name__ == "__main__":
    for stem, sheet in (("listings", "许可信息"), ("enterprises", "企业")):
        (HERE / f"{stem}.xlsx").write_bytes(build(HERE / f"{stem}.csv", sheet))
