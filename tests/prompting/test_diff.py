from service.prompting.diff import PartDiff, diff_rendered, diff_templates
from service.prompting.rendering import render
from service.prompting.template import PromptTemplate, find_template, parse_template
from tests.factories import case
from tests.prompting.test_rendering import given

V1 = """
name: t
version: v1
description: d
answer: text
variables: [brand_name, complaint, public]
fixed_examples:
  - user: Late again
    assistant: I'm sorry.
system: |
  Hello {{ brand_name }}
  Be kind.
user: "{% if public %}In public: {% endif %}{{ complaint }}"
revise: again
moves:
  public_reply: Answer.
  public_then_private: ""
  private_reply: ""
  boundary_statement: ""
  closing_update: ""
  follow_up: ""
  escalate: ""
  no_reply: ""
max_passages: 3
"""


def template(*changes: tuple[str, str]) -> PromptTemplate:
    text = V1
    for old, new in changes:
        text = text.replace(old, new)
    return parse_template(text, where="t.yaml")


def changed(*changes: tuple[str, str]) -> dict[str, tuple[str, ...]]:
    parts = diff_templates(template(), template(*changes))
    return {part.part: part.lines for part in parts if not part.same}


def test_a_prompt_is_the_same_as_itself_whatever_its_version() -> None:
    assert changed(("version: v1", "version: v2")) == {}


def test_each_change_is_shown_in_its_part() -> None:
    assert changed(("Be kind.", "Be brief.")) == {
        "system": ("@@ -1,2 +1,2 @@", " Hello {{ brand_name }}", "-Be kind.", "+Be brief.")
    }
    assert list(changed(("I'm sorry.", "Sorry."))) == ["examples"]
    assert list(changed(("Answer.", "Answer all."))) == ["moves"]
    settings = changed(("max_passages: 3", "max_passages: 5"))["settings"]
    assert {"-max_passages: 3", "+max_passages: 5"} <= set(settings)


def test_rendered_messages_differ_only_where_the_words_shown_do() -> None:
    asked = given(case())
    old = render(template(), asked)
    added = render(template(("Be kind.", "Be kind.{% if not public %} Quietly.{% endif %}")), asked)
    assert all(part.same for part in diff_rendered(old, render(template(), asked)))
    assert not any("Quietly" in line for part in diff_rendered(old, added) for line in part.lines)


def test_a_message_that_only_one_of_them_has_is_shown_whole() -> None:
    asked = given(case())
    more = render(template(), asked)
    fewer = more.model_copy(update={"messages": more.messages[:-1]})
    last = diff_rendered(fewer, more)[-1]
    assert last.part == "message 4, user"
    assert all(line.startswith(("@@", "+")) for line in last.lines)


def test_the_real_prompts_differ_in_every_part_that_they_have() -> None:
    parts = diff_templates(find_template("draft_reply"), find_template("draft_reply_compact"))
    assert [part.part for part in parts] == [
        "system",
        "user",
        "revise",
        "examples",
        "moves",
        "settings",
    ]
    assert not any(part.same for part in parts)
    assert PartDiff(part="system").same
