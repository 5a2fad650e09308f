"""Block tags with more than one place to fill.

Django's `simple_block_tag` hands a component one piece of content. A panel has several (body, actions, footer), so a
slotted tag opens a small dictionary before its content is rendered, and `{% fill "actions" %}…{% endfill %}` inside it
writes there. The dictionary belongs to the nearest component around the `fill`, so components nest.
"""

from collections.abc import Callable
from inspect import getfullargspec

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.library import SimpleBlockNode, parse_bits
from django.utils.safestring import SafeString

SLOTS = "_component_slots"


class SlottedNode(SimpleBlockNode):
    """A block tag whose content may hold `fill` tags."""

    def render(self, context: Context) -> str:
        """Render the content first, with a fresh dictionary of slots, then the component."""
        with context.push(**{SLOTS: {}}):
            return super().render(context)


def fill(context: Context, content: SafeString, name: str) -> str:
    """Put `content` in the place called `name` of the component around it; writes nothing where it stands."""
    slots = context.get(SLOTS)
    if slots is None:
        raise template.TemplateSyntaxError(f"fill {name!r} stands outside of a component that has places to fill")
    slots[name] = content
    return ""


def slots_of(context: Context) -> dict[str, SafeString]:
    """The filled places of the component being rendered."""
    return context[SLOTS]


def slotted_tag(library: template.Library, function: Callable[..., str]) -> None:
    """Register `function(context, content, …)` as the block tag of its name, ended by `end<name>`."""
    spec = getfullargspec(function)
    if spec.args[:2] != ["context", "content"]:
        raise ValueError(f"{function.__name__} must take context and content first")
    name = function.__name__

    def compile_tag(parser: Parser, token: Token) -> SlottedNode:
        bits = token.split_contents()[1:]
        nodelist = parser.parse((f"end{name}",))
        parser.delete_first_token()
        args, kwargs = parse_bits(
            parser,
            bits,
            spec.args[2:],
            spec.varargs,
            spec.varkw,
            spec.defaults,
            spec.kwonlyargs,
            spec.kwonlydefaults,
            name,
        )
        return SlottedNode(nodelist, function, True, args, kwargs, None)

    library.tag(name, compile_tag)
