from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from pydantic import Field, PostgresDsn, RedisDsn, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

EXPORT_RETENTION = timedelta(days=30)


class Settings(BaseSettings):
    """Read from the environment; every name has the prefix SHOP_."""

    model_config = SettingsConfigDict(env_prefix="SHOP_", env_file=None)

    debug: bool = True
    database_url: PostgresDsn
    redis_url: RedisDsn
    smtp_host: str = "localhost"
    mail_sender: str = "orders@shop.example"
    reports_enabled: bool = False
    page_size: int = Field(default=50, ge=1, le=200)
    recommendation_model: str = "models/also-bought.pt"
    supplier_host: str = "ftp.supplier.example"
    supplier_user: str = "shop"
    supplier_password: SecretStr
    export_folder: Path = Path("/var/lib/shop/exports")


class LocalSettings(Settings):
    """What `make run` uses on a developer's machine."""

    model_config = SettingsConfigDict(env_prefix="SHOP_", env_file=".env.local")

    debug: bool = True
    page_size: int = 5


@lru_cache
def get_settings() -> Settings:
    return Settings()
