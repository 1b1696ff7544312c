"""A proposed profile loads as it is written, finds columns in three languages, and says what it does not know."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.real_facts import adds_up
from tests.small_import import NOW

from smarketing.ledger.folder import Folder, folder_to_fill, open_folder
from smarketing.sources.guess import guessed_profile
from smarketing.sources.profile import Profile
from smarketing.sources.proposal import FILL_IN, Proposal
from smarketing.sources.read_profile import read_profile_text
from smarketing.sources.yaml_text import yaml_text
from smarketing.terms.errors import UserError
from smarketing.terms.faults import ENGLISH
from smarketing.workflows.import_files import import_files

ENGLISH_CRM = {
    "contacts.csv": "Id,Contact Owner,Created Time,Lead Source,Rating\n1,Rita,05/13/2026 10:00 AM,Web,A\n"
    "2,Sam,05/01/2026 03:30 PM,Fair,B\n",
    "deals.csv": 'Deal ID,Amount,Stage,Closing Date,Created Time\n9,"1,250.50",Closed Won,2026-06-01,2026-05-20\n'
    "8,10,Closed Lost,2026-06-02,2026-05-20\n7,10,Proposal,,2026-05-20\n",
    "calls.csv": "Call ID,Call Start Time,Call Type,Call Duration,Call Result,Contact Id\n"
    "5,2026-05-13 10:30,Outbound,35,No answer,1\n6,2026-05-13 10:40,Inbound,95,Connected,1\n",
    "spend.csv": "Date,Campaign,Impressions,Clicks,Cost\n2026-05-01,spring,100,3,12.5\n",
    "users.csv": "User ID,Full Name,Email,Team\nu1,Rita,rita@example.com,Inside\n",
}
SPANISH_CRM = {
    "contactos.csv": "ID;Propietario;Fecha de creación;Origen;Estado\n1;Rita;13/05/2026 10:00;Web;Nuevo\n",
    "negocios.csv": "ID negocio;Importe;Etapa;Fecha de cierre;Fecha de creación\n"
    "9;€ 1.250,50;Ganado;13/06/2026;14/05/2026\n",
    "llamadas.csv": "ID llamada;Fecha de la actividad;Dirección;Duración;Resultado;ID contacto\n"
    "5;13/05/2026 10:30;Saliente;35;Sin respuesta;1\n",
}
ITALIAN_CRM = {
    "contatti.csv": "ID;Proprietario;Data di creazione;Fonte;Stato\n1;Rita;13/05/2026 10:00;Sito;Nuovo\n",
    "trattative.csv": "ID trattativa;Importo;Fase;Data di chiusura;Data di creazione\n"
    "9;1.250,50;Vinta;13/06/2026;14/05/2026\n",
    "chiamate.csv": "ID chiamata;Data attività;Direzione;Durata;Esito;ID contatto\n"
    "5;13/05/2026 10:30;In uscita;35;Nessuna risposta;1\n",
}


def written(tmp_path: Path, files: dict[str, str]) -> list[Path]:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return [tmp_path / name for name in files]


def proposed(tmp_path: Path, files: dict[str, str], zone: str = "Europe/Madrid") -> tuple[Proposal, Profile]:
    found = guessed_profile(written(tmp_path, files), name="mine", zone=zone)
    return found, read_profile_text(found.text, where="mine.yaml")


def brought(tmp_path: Path, files: dict[str, str]) -> Folder:
    _, profile = proposed(tmp_path, files)
    receipt = import_files(
        [tmp_path / name for name in files], profile=profile, facts=folder_to_fill(tmp_path / "facts"), now=NOW
    )
    assert adds_up(receipt)
    assert receipt.n_rejected == 0, [file.examples for file in receipt.files]
    return open_folder(tmp_path / "facts")


@pytest.mark.parametrize("files", [ENGLISH_CRM, SPANISH_CRM, ITALIAN_CRM], ids=["english", "spanish", "italian"])
def test_an_export_in_each_language_is_imported_as_proposed(tmp_path: Path, files: dict[str, str]) -> None:
    facts = brought(tmp_path, files)
    lead = facts.frame("lead").sort("lead_id").row(0, named=True)
    assert (lead["lead_id"], lead["owner_id"]) == ("1", "Rita")
    assert lead["created_at"].isoformat() == "2026-05-13T08:00:00+00:00"
    assert lead["source_raw"] in ("Web", "Sito")
    deal = facts.frame("deal").filter(facts.frame("deal")["deal_id"] == "9").row(0, named=True)
    assert (deal["status"], str(deal["amount"])) == ("won", "1250.5000")
    call = facts.frame("touch").filter(facts.frame("touch")["touch_id"] == "5").row(0, named=True)
    assert (call["kind"], call["direction"], call["outcome"]) == ("call", "out", "no_answer")
    assert (call["duration_s"], call["person_key"]) == (35, lead["person_key"])


def test_every_kind_of_file_becomes_its_table(tmp_path: Path) -> None:
    _, profile = proposed(tmp_path, ENGLISH_CRM)
    tables = {name: rules.take[0].table for name, rules in profile.files.items()}
    assert tables == {"contacts": "lead", "deals": "deal", "calls": "touch", "spend": "spend", "users": "owner"}


def test_what_was_not_found_is_to_be_filled_in(tmp_path: Path) -> None:
    found, profile = proposed(tmp_path, {"leads.csv": "Lead Id,Lead Source,Rating\n1,Web,A\n"})
    assert profile.files["leads"].take[0].columns["created_at"].column == (FILL_IN,)
    doubts = [doubt.told(ENGLISH) for doubt in found.doubts]
    assert doubts == ["leads.csv: no column was found for lead.created_at; write its header in place of FILL IN."]
    with pytest.raises(UserError, match="FILL IN"):
        import_files([tmp_path / "leads.csv"], profile=profile, facts=folder_to_fill(tmp_path / "facts"), now=NOW)


def test_days_and_months_that_may_be_swapped_are_doubted(tmp_path: Path) -> None:
    found, profile = proposed(tmp_path, {"leads.csv": "Id,Created Date,Source\n1,03/04/2026,Web\n2,05/06/2026,Web\n"})
    assert any("other way round" in doubt.told(ENGLISH) for doubt in found.doubts)
    assert profile.files["leads"].format
    sure, _ = proposed(tmp_path, {"leads.csv": "Id,Created Date,Source\n1,03/04/2026,Web\n2,25/06/2026,Web\n"})
    assert not any("other way round" in doubt.told(ENGLISH) for doubt in sure.doubts)


@pytest.mark.parametrize(
    ("cells", "form"),
    [
        (["1767607200", "1767693600"], ["epoch_s"]),
        (["1767607200000", "1767693600000"], ["epoch_ms"]),
        (["2026-01-05T10:00:00Z", "2026-01-06T10:00:00Z"], []),
        (["05.01.2026 10:00", "25.01.2026 10:00"], ["%d.%m.%Y %H:%M"]),
        (["05/01/2026", "25/01/2026 10:00:00"], ["%d/%m/%Y %H:%M:%S", "%d/%m/%Y"]),
        (["Jan 5, 2026 3:00 PM", "Jan 25, 2026 9:00 AM"], ["%b %d, %Y %I:%M %p"]),
    ],
)
def test_formats_of_times(tmp_path: Path, cells: list[str], form: list[str]) -> None:
    lines = "\n".join(f'{n},"{cell}",Web' for n, cell in enumerate(cells))
    _, profile = proposed(tmp_path, {"leads.csv": f"Lead Id,Created Date,Source\n{lines}\n"})
    assert sorted(profile.files["leads"].format) == sorted(form)


def test_a_cell_that_is_no_time_casts_no_doubt_on_the_others(tmp_path: Path) -> None:
    text = "Id,Created Time,Source\n1,2026-10-01 10:00,Web\n2,2026-10-02 10:00,Web\n3,soon,Web\n"
    found, profile = proposed(tmp_path, {"leads.csv": text})
    assert not any("other way round" in doubt.told(ENGLISH) for doubt in found.doubts)
    assert not profile.files["leads"].format


def test_ids_that_repeat_are_no_ids(tmp_path: Path) -> None:
    text = "Id,Created Date,Lead Source\n1,2026-01-05,Web\n1,2026-01-06,Web\n"
    _, profile = proposed(tmp_path, {"leads.csv": text})
    assert "lead_id" not in profile.files["leads"].take[0].columns


def test_deals_alone_are_leads_as_well(tmp_path: Path) -> None:
    found, profile = proposed(tmp_path, {"deals.csv": ENGLISH_CRM["deals.csv"]})
    assert [take.table for take in profile.files["deals"].take] == ["lead", "deal", "stage_change"]
    assert any("every deal is taken to be a lead" in doubt.told(ENGLISH) for doubt in found.doubts)


def test_words_that_mean_nothing_are_collected(tmp_path: Path) -> None:
    _, profile = proposed(tmp_path, {"leads.csv": "Id,Created Date,Lead Source,Rating\n1,2026-01-05,Select,-\n"})
    assert set(profile.empty) == {"Select", "-"}


def test_files_that_say_nothing_are_left_out(tmp_path: Path) -> None:
    files = {"leads.csv": ENGLISH_CRM["contacts.csv"], "noise.csv": "foo,bar\n1,2\n"}
    found, profile = proposed(tmp_path, files)
    assert list(profile.files) == ["leads"]
    assert any("left out" in doubt.told(ENGLISH) for doubt in found.doubts)
    with pytest.raises(UserError, match="No column"):
        proposed(tmp_path, {"noise.csv": "foo,bar\n1,2\n"})


def test_without_a_zone_one_is_asked_for(tmp_path: Path) -> None:
    found, profile = proposed(tmp_path, {"contacts.csv": ENGLISH_CRM["contacts.csv"]}, zone="")
    assert profile.zone == ""
    assert any("need a zone" in doubt.told(ENGLISH) for doubt in found.doubts)


@pytest.mark.parametrize(
    "text",
    (
        *("yes", "No", "null", "~", "1", "1.5", "12:30", "2026-01-05", "a: b", "- x", '"', "\\", "# c", "Ñandú", "{x}"),
        *("", " ", "%d/%m", "a\nb", "@x", "*x", "&x", "!x", "true", "0x1F", "on", "line\u2028sep"),
    ),
)
def test_any_text_comes_back_from_the_yaml_we_write(text: str) -> None:
    from smarketing.terms.yaml_nodes import Listing, Mapping, Reading, Scalar, compose

    node = compose(yaml_text({"key": {"inner": text, "list": [text, "plain"]}}), Reading("x"))
    assert isinstance(node, Mapping)
    inner = node.entries["key"][1]
    assert isinstance(inner, Mapping)
    value, listing = inner.entries["inner"][1], inner.entries["list"][1]
    assert isinstance(value, Scalar) and isinstance(listing, Listing)
    assert value.text == text


@pytest.mark.parametrize(
    ("ids", "is_id"),
    [
        (("L1", "L1", "L2"), True),
        (("L1", "", "L2"), True),
        (("L1", "L1"), True),
        (("L1", "L1", "L1", "L1", "L2"), False),  # a row for each thing that was done about a lead
    ],
)
def test_a_column_that_is_called_the_leads_id_may_repeat_a_little(
    tmp_path: Path, ids: tuple[str, ...], *, is_id: bool
) -> None:
    lines = "\n".join(f"{each},2026-01-0{n + 1}T10:00:00Z,Web,a{n}@example.com" for n, each in enumerate(ids))
    _, profile = proposed(tmp_path, {"leads.csv": f"Lead ID,Created Date,Source,Email\n{lines}\n"})
    columns = profile.files["leads"].take[0].columns
    assert ("lead_id" in columns and columns["lead_id"].column == ("Lead ID",)) is is_id


def test_a_lead_that_came_twice_or_without_its_id_is_counted_not_lost(tmp_path: Path) -> None:
    text = (
        "Lead ID,Created Date,Source\nL1,2026-01-05T10:00:00Z,Web\nL1,2026-01-05T10:00:00Z,Web\n"
        ",2026-01-05T11:00:00Z,Web\nL2,2026-01-06T10:00:00Z,Fair\n"
    )
    _, profile = proposed(tmp_path, {"leads.csv": text})
    receipt = import_files([tmp_path / "leads.csv"], profile=profile, facts=folder_to_fill(tmp_path / "f"), now=NOW)
    assert open_folder(tmp_path / "f").frame("lead")["lead_id"].sort().to_list() == ["L1", "L2"]
    (file,) = receipt.files
    assert (file.n_accepted, file.n_duplicates, file.n_rejected, file.reasons) == (2, 1, 1, {"required_empty": 1})
