"""How CRMs and people call the columns of their exports, in English, Spanish, Italian and a little German.

Words are written as headers.plain writes them, without accents: lower case, letters and digits only.
"""

from __future__ import annotations

CREATED = (
    "createdtime createddate createdate createdat created creationdate dateadded addtime leadcreated dealcreated "
    "firstcontactdate engagedate fechadecreacion fechacreacion creado creadoel fechadealta alta datadicreazione "
    "datacreazione dataoracreazione creatoil datainserimento erstelltam erstelldatum submittedat"
)
OWNER = (
    "ownerid owner ownername leadowner contactowner dealowner dealownername leadownername contactownername recordowner "
    "opportunityowner assignedto assignee user salesagent agent salesrep rep srid hubspotownerid propietario "
    "propietariodelcontacto propietariodelnegocio responsable comercial vendedor asignadoa proprietario "
    "proprietariodelcontatto proprietariodellatrattativa responsabile commerciale venditore assegnatoa agente besitzer"
)
PERSON = (
    "contactid contactname contact personid person whoid contactperson associatedcontactids idcontacto contacto "
    "idcontatto contatto persona kontakt email emailaddress correo correoelectronico"
)
SOURCE = (
    "source leadsource origin originalsource originalsourcetype utmsource channel sourcechannel "
    "hsanalyticssource canal "
    "origen fuente fuenteoriginal fuentedellead procedencia fonte fonteoriginale fontelead origine canale provenienza "
    "quelle herkunft"
)
CAMPAIGN = "campaign campaignname utmcampaign campaignid campana nombredelacampana campagna nomecampagna kampagne"
UPDATED = (
    "modifiedtime lastmodifieddate lastmodified updatedat updatetime updated systemmodstamp fechademodificacion "
    "ultimamodificacion fechadeultimamodificacion ultimamodifica datamodifica dataultimamodifica geandertam"
)
REASON = (
    "lostreason closedlostreason disqualificationreason unqualifiedreason reason reasonforloss motivodeperdida "
    "motivoperdida motivo motivodescarte razondeperdida motivoperdita motivodellaperdita motivazione grund"
)
STAGE = (
    "stage dealstage stagename opportunitystage leadstatus status lifecyclestage estado estadodellead etapa fase "
    "etapadelnegocio etapadelciclodevida stato statolead fasetrattativa fasedellatrattativa fasedelciclodivita"
)

WORDS: dict[str, dict[str, str]] = {
    "lead": {
        "lead_id": "leadid id recordid prospectid mqlid leadnumber idlead idprospecto idregistro identificador",
        "created_at": CREATED,
        "owner_id": OWNER,
        "person_key": PERSON,
        "channel": SOURCE,
        "medium": "medium utmmedium medio mezzo",
        "campaign": CAMPAIGN,
        "content": "content utmcontent contenido contenuto",
        "landing_page": (
            "page landingpage landingpageid url firstpageseen paginadeaterrizaje pagina paginadidestinazione"
        ),
        "score": "score leadscore hubspotscore puntuacion puntaje punteggio",
        "grade": "grade quality leadquality rating leadgrade calidad calificacion qualita valutazione qualitalead",
        "status": "leadstatus status stage estado estadodellead stato statolead",
        "lifecycle": "lifecyclestage lifecycle etapadelciclodevida fasedelciclodivita stage etapa",
        "reason": REASON,
        "converted_at": "converteddate convertedat converteddatetime fechadeconversion datadiconversione",
        "updated_at": UPDATED,
    },
    "deal": {
        "deal_id": "dealid opportunityid recordid id idnegocio idoportunidad idtrattativa idopportunita",
        "lead_id": "leadid mqlid sourceleadid idlead",
        "created_at": CREATED + " opendate",
        "owner_id": OWNER,
        "person_key": PERSON,
        "account_key": "account accountname accountid company companyname organization empresa azienda cliente firma",
        "pipeline": "pipeline pipelinename embudo product producto prodotto",
        "stage": STAGE,
        "status": "dealstatus opportunitystatus status iswon estadodelnegocio statotrattativa " + STAGE,
        "amount": (
            "amount dealvalue value closevalue dealamount initialamountpaid revenue importe valor "
            "valordelnegocio cuantia "
            "importo valore valoretrattativa betrag wert"
        ),
        "currency": "currency currencyisocode dealcurrencycode currencyofvalue moneda divisa valuta wahrung",
        "closed_at": (
            "closedate closingdate closeddate wondate wontime dealclosedon fechadecierre fechacierre datadichiusura "
            "datachiusura abschlussdatum"
        ),
        "expected_close": "expectedclosedate fechadecierreprevista datadichiusuraprevista",
        "lost_reason": REASON,
        "channel": SOURCE,
        "campaign": CAMPAIGN,
        "updated_at": UPDATED,
    },
    "touch": {
        "touch_id": "callid activityid engagementid taskid id recordid idactividad idllamada idattivita idchiamata",
        "lead_id": "leadid idlead whoid",
        "deal_id": "dealid opportunityid whatid idnegocio idtrattativa",
        "person_key": PERSON,
        "owner_id": OWNER + " callowner callownername activityassignedto assignedtouser",
        "kind": "activitytype type engagementtype tasksubtype tipodeactividad tipo tipoattivita tipodiattivita art",
        "direction": (
            "direction calldirection calltype direccion tipodellamada direzione tipochiamata tipodichiamata richtung"
        ),
        "occurred_at": (
            "callstarttime starttime startdatetime activitydate occurredat markedasdonetime "
            "completeddatetime timestamp "
            "hstimestamp datetime date when iniciodelallamada fechadelaactividad fechayhora fecha horadeinicio "
            "iniziochiamata datattivita dataattivita dataeora data orainizio datum"
        ),
        "logged_at": "loggedat createdtime createddate createdate fechaderegistro dataregistrazione",
        "duration_s": (
            "calldurationinseconds callduration duration durationseconds duracion duracionenseguridos durata "
            "durationmin dauer"
        ),
        "outcome": (
            "outcome callstatus callresult calloutcome calldisposition result disposition resultado esito "
            "risultato ergebnis"
        ),
        "campaign": "sequence sequencename cadence campaign secuencia sequenza",
    },
    "spend": {
        "day": "day date reportingstarts fecha dia data giorno datum tag",
        "channel": SOURCE + " platform plataforma piattaforma",
        "campaign": CAMPAIGN,
        "adgroup": (
            "adgroup adgroupname adset adsetname grupodeanuncios conjuntodeanuncios gruppodiannunci gruppodiinserzioni"
        ),
        "ad": "ad adname anuncio nombredelanuncio annuncio inserzione anzeige",
        "amount": (
            "spend cost amountspent amountspenteur coste gasto inversion importegastado costo spesa importospeso kosten"
        ),
        "currency": "currency moneda divisa valuta",
        "impressions": "impressions impresiones impressioni",
        "clicks": "clicks linkclicks clics clic klicks",
    },
    "owner": {
        "owner_id": "ownerid userid id salesagent agent hubspotownerid idusuario idutente",
        "name": "name fullname username salesagent agent nombre nombrecompleto nome nomecompleto",
        "email": "email useremail emailaddress correo correoelectronico posta indirizzoemail",
        "team": "team teamname regionaloffice office department equipo departamento squadra reparto ufficio",
        "manager_id": "manager managerid supervisor jefe responsable responsabile capo",
        "zone": "timezone timezonesidkey zonahoraria fusoorario zeitzone",
        "active": "active isactive activo attivo aktiv",
    },
    "stage_change": {
        "entity_id": "leadid dealid contactid opportunityid objectid recordid idlead idnegocio idtrattativa",
        "field": "field property propertyname campo proprieta propiedad",
        "from_value": "oldvalue fromstage fromvalue from valoranterior de valoreprecedente da",
        "to_value": "newvalue tostage tovalue to value valornuevo a nuovovalore",
        "changed_at": (
            "changedat changedate timestamp createddate fechadelcambio fechadecambio datadelcambio datamodifica"
        ),
        "changed_by": "changedby createdbyid userid modificadopor modificatoda",
    },
}
# What only this table has: two such columns say more than ten that every table has.
TELLING: dict[str, tuple[str, ...]] = {
    "lead": ("channel", "grade", "score", "lifecycle", "landing_page", "medium"),
    "deal": ("amount", "closed_at", "lost_reason", "expected_close", "pipeline"),
    "touch": ("duration_s", "direction", "outcome", "kind"),
    "spend": ("impressions", "clicks", "adgroup", "ad"),
    "owner": ("team", "manager_id", "zone", "email"),
    "stage_change": ("from_value", "to_value", "field"),
}
FILE_WORDS: dict[str, str] = {
    "lead": "lead contact prospect mql contacto cliente contatti clienti anfragen",
    "deal": "deal opportunit pipeline negocio oportunidad trattativ vendite ventas closed",
    "touch": "call activit task engagement llamada actividad tarea chiamat attivita meeting event anruf",
    "spend": "spend cost ads adspend gasto coste inversion spesa costi kosten",
    "owner": "owner user team agent usuario equipo utenti squadra nutzer",
    "stage_change": "history historial cronologia storico changes cambios verlauf",
}

# What values of a column mean, by words inside of them; the first that fits.
MEANINGS: dict[str, tuple[tuple[str, str], ...]] = {
    "direction": (
        ("out|salient|uscit|realizada|effettuat|ausgehend", "out"),
        ("in|miss|perdid|pers[oa]|recibid|ricevut|entrant|entrat|eingehend|verpasst", "in"),
    ),
    "kind": (
        ("call|llamad|chiamat|telefon|anruf", "call"),
        ("mail|correo|posta", "email"),
        ("meet|reuni|riunion|cita|appuntament|demo|event|termin|besprechung", "meeting"),
        ("sms|text message|mensaje de texto", "sms"),
        ("whatsapp|chat|communication", "chat"),
        ("linkedin|social|facebook|instagram", "social"),
        ("visit|besuch", "visit"),
        ("note|nota|notiz", "note"),
        ("task|tarea|compit|attivit|to.?do|aufgabe", "task"),
    ),
    "outcome": (
        ("schedul|program|overdue|planned|pianific|previst|geplant", "scheduled"),
        ("cancel|anul|annull", "cancelled"),
        ("no.?show|no asist|non present", "no_show"),
        ("wrong|invalid|equivocad|errat|falsch", "wrong_number"),
        ("busy|ocupad|occupat|besetzt", "busy"),
        ("voice|buz[oó]n|segreteria|left (live )?message", "voicemail"),
        ("unattended|no.?answer|not.?answer|unanswer|miss|no contest|sin respuesta", "no_answer"),
        ("non rispo|nessuna risposta|perdid|pers[oa]", "no_answer"),
        ("bounce|rebot|rimbalz", "bounced"),
        ("repl|respondi[oó]|rispos", "replied"),
        ("attended|connect|answer|receiv|contest|atendid", "connected"),
        ("rispost|ricevut|complet|reached|erreicht", "connected"),
        ("held|celebrad|svolt|tenut", "held"),
        ("sent|enviad|inviat|gesendet", "sent"),
    ),
    "status": (
        ("lost|perdid|pers[oa]|verloren|disqualif|descart", "lost"),
        ("won|ganad|vint[oa]|gewonnen|payment done|pagad|pagat|customer|cliente|^true$", "won"),
    ),
    "lifecycle": (
        ("disqualif|unqualif|descart|squalific|lost|perdid|pers[oa]", "disqualified"),
        ("recycl|nurtur|recicl", "recycled"),
        ("customer|cliente|won|ganad|vint[oa]|payment done|evangelist", "customer"),
        ("opportunit|oportunidad|proposal|propuesta|proposta|negotiat|waiting for payment", "opportunity"),
        ("sal$|accepted|aceptad|accettat", "sal"),
        ("sql|sales.?qualified|cualificado (para|por) ventas|qualificat", "sql"),
        ("mql|marketing.?qualified|cualificado (para|por) marketing", "mql"),
        (".", "lead"),
    ),
    "reason": (
        ("dup", "duplicate"),
        ("test|prueba|prova", "test"),
        ("spam|basura", "spam"),
    ),
}  # fmt: skip
