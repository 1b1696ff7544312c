"""The list of commands; adding one is adding a line."""

from smarketing.cli import agreement as _agreement  # noqa: F401
from smarketing.cli import alert as _alert  # noqa: F401
from smarketing.cli import audit as _audit  # noqa: F401
from smarketing.cli import backtest as _backtest  # noqa: F401
from smarketing.cli import backup as _backup  # noqa: F401
from smarketing.cli import baseline as _baseline  # noqa: F401
from smarketing.cli import bounce as _bounce  # noqa: F401
from smarketing.cli import check as _check  # noqa: F401
from smarketing.cli import clock as _clock  # noqa: F401
from smarketing.cli import demo as _demo  # noqa: F401
from smarketing.cli import doctor as _doctor  # noqa: F401
from smarketing.cli import explain as _explain  # noqa: F401
from smarketing.cli import import_ as _import  # noqa: F401
from smarketing.cli import inbox as _inbox  # noqa: F401
from smarketing.cli import inbox_mail as _inbox_mail  # noqa: F401
from smarketing.cli import migrate as _migrate  # noqa: F401
from smarketing.cli import plan as _plan  # noqa: F401
from smarketing.cli import rebuild as _rebuild  # noqa: F401
from smarketing.cli import score as _score  # noqa: F401
from smarketing.cli import serve as _serve  # noqa: F401
from smarketing.cli import source as _source  # noqa: F401
from smarketing.cli import web as _web  # noqa: F401
from smarketing.cli import worker as _worker  # noqa: F401
