from tests.cli.conftest import Cli


def test_a_key_is_made_listed_and_revoked(cli: Cli, plain_brand: str) -> None:
    made = cli.json("key", "create", "--brand", plain_brand, "--role", "lead", "--name", "Marta")
    assert made["secret"].startswith("amk_")
    (listed,) = cli.json("key", "list")
    assert (listed["id"], listed["role"], listed["brand"]) == (made["id"], "lead", plain_brand)
    assert made["secret"] not in str(listed)
    assert cli("key", "revoke", made["id"]).exit_code == 0
    assert cli.json("key", "list")[0]["revoked_at"]
    again = cli("key", "revoke", made["id"])
    assert again.exit_code == 2
    assert "no key" in again.stderr


def test_the_secret_alone_is_on_stdout(cli: Cli) -> None:
    result = cli("key", "create", "--name", "me")
    assert result.stdout.startswith("amk_")
    assert result.stdout.count("\n") == 1


def test_a_key_for_a_brand_that_is_not_here_is_refused(cli: Cli) -> None:
    assert "no brand" in cli("key", "create", "--brand", "x", "--name", "me").stderr


def test_a_role_that_there_is_not_is_refused(cli: Cli) -> None:
    assert cli("key", "create", "--name", "me", "--role", "king").exit_code == 2
