"""Workbooks written part by part, so that tests can break any of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = f"""<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="170" formatCode="dd/mm/yyyy\\ hh:mm"/>
<numFmt numFmtId="171" formatCode="&quot;year&quot;0.00"/></numFmts><cellXfs count="6"><xf numFmtId="0"/>
<xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="46"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs>
</styleSheet>"""
DATE, DATETIME, LENGTH, CUSTOM, NUMBER = 1, 2, 3, 4, 5
HEADER = ("Id", "Created", "Owner", "Source", "Score", "Status")


def text(value: str) -> str:
    escaped = value.replace("&", "&amp;").replace("<", "&lt;")
    return f'<c t="inlineStr"><is><t>{escaped}</t></is></c>'


def number(value: object, style: int = 0) -> str:
    return f'<c s="{style}"><v>{value}</v></c>'


def cells(*texts: str) -> str:
    return "".join(value if value.startswith("<") else text(value) for value in texts)


def sheet(*rows: str, before: str = "", after: str = "") -> str:
    body = "".join(row if row.startswith("<row") else f"<row>{row}</row>" for row in rows)
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{body}</sheetData>{after}</worksheet>'


def leads(*rows: str, before: str = "", after: str = "") -> str:
    return sheet(cells(*HEADER), *rows, before=before, after=after)


def lead(ident: str, created: str = "2026-01-05T10:00", score: str = "7", status: str = "New") -> str:
    return cells(ident, created, "rita", "Web", score if score.startswith("<") else number(score), status)


def parts(
    *sheets: str,
    names: tuple[str, ...] = (),
    states: tuple[str, ...] = (),
    strings: str = "",
    is_1904: bool = False,
) -> dict[str, str]:
    names = names or tuple(f"Sheet{n}" for n in range(1, len(sheets) + 1))
    states = states or ("visible",) * len(sheets)
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" state="{state}" r:id="rId{n}"/>'
        for n, (name, state) in enumerate(zip(names, states, strict=True), start=1)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{RELS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    links += f'<Relationship Id="rIdStyles" Type="{RELS}/styles" Target="styles.xml"/>'
    links += f'<Relationship Id="rIdStrings" Type="{RELS}/sharedStrings" Target="sharedStrings.xml"/>'
    found = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELS}"><workbookPr date1904="{int(is_1904)}"/>'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>',
        "xl/styles.xml": STYLES,
    }
    found |= {f"xl/worksheets/sheet{n}.xml": body for n, body in enumerate(sheets, start=1)}
    if strings:
        found["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'
    return found


def zipped(content: Mapping[str, str | bytes], level: int = 6) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, body in content.items():
            archive.writestr(name, body)
    return packed.getvalue()


def workbook(*sheets: str, **how: object) -> bytes:
    return zipped(parts(*sheets, **how))  # type: ignore[arg-type]
