"""The platform's settings, with what the command line says put over the environment."""

from pydantic import ValidationError

from shared.chassis.settings import Settings
from shared.kernel.errors import ObligorError


class BadSettingsError(ObligorError):
    """A setting is unknown or cannot be what it is set to."""

    code = "bad_settings"

    def __init__(self, error: ValidationError) -> None:
        wrong = [
            f"OBLIGOR_{'_'.join(str(part) for part in each['loc']).upper()}: {each['msg']}"
            for each in error.errors()
        ]
        super().__init__("the settings cannot be used: " + "; ".join(wrong))


def settings_with(**given: object) -> Settings:
    """Settings from the environment; arguments that are not None come first."""
    said = {name: value for name, value in given.items() if value is not None}
    try:
        return Settings.model_validate(said) if not said else Settings(**said)  # type: ignore[arg-type]  # checked by pydantic
    except ValidationError as error:
        raise BadSettingsError(error) from error
