"""The templates of the page of a pack."""

from __future__ import annotations

MARKDOWN = """\
# {{ page.title|text }}

{% if page.text %}
{{ page.text|text }}

{% endif %}
{% for name, value in page.facts.items() %}
- {{ name|text }}: {{ value|text }}
{% endfor %}
{% for section in page.sections %}

## {{ section.title|text }}

{% if section.text %}
{{ section.text|text }}

{% endif %}
{% for name, value in section.facts.items() %}
- {{ name|text }}: {{ value|code }}
{% endfor %}
{% for table in section.tables %}

### {{ table.title|text }}

| {{ table.columns|join(" | ") }} |
|{{ " --- |" * table.columns|length }}
{% for row in table.rows %}
| {% for cell in row %}{{ cell|cell(loop.index0 in table.code) }} |{{ " " if not loop.last }}{% endfor %}

{% endfor %}
{% endfor %}

### Rules

The first rule that matches decides.

{% for rule in section.rules %}
{{ loop.index }}. {{ rule.id|code }}{{ ": " if rule.text }}{{ rule.text|text }}
   - matches {{ rule.match|code if rule.match.startswith("{") else rule.match|text }}
{% for line in rule.result.splitlines() %}
   - {{ rule.outcome }} {{ line|code }}
{% endfor %}
   - stands in {{ rule.place|code }}
{% endfor %}
{% endfor %}
"""

HTML = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ page.title }}</title>
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { border: 1px solid #8886; padding: .3rem .6rem; text-align: left; vertical-align: top; }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
dt { font-weight: 600; }
.place { opacity: .7; }
</style>
</head>
<body>
<h1>{{ page.title }}</h1>
{% if page.text %}
<p>{{ page.text }}</p>
{% endif %}
<dl>
{% for name, value in page.facts.items() %}
<dt>{{ name }}</dt><dd>{{ value }}</dd>
{% endfor %}
</dl>
{% for section in page.sections %}
<section>
<h2>{{ section.title }}</h2>
{% if section.text %}
<p>{{ section.text }}</p>
{% endif %}
<dl>
{% for name, value in section.facts.items() %}
<dt>{{ name }}</dt><dd><code>{{ value }}</code></dd>
{% endfor %}
</dl>
{% for table in section.tables %}
<h3>{{ table.title }}</h3>
<table>
<thead><tr>{% for column in table.columns %}<th>{{ column }}</th>{% endfor %}</tr></thead>
<tbody>
{% for row in table.rows %}
<tr>{% for cell in row %}<td>{% if loop.index0 in table.code %}<code>{{ cell }}</code>{% else %}{{ cell }}{% endif %}</td>{% endfor %}</tr>
{% endfor %}
</tbody>
</table>
{% endfor %}
<h3>Rules</h3>
<p>The first rule that matches decides.</p>
<table>
<thead><tr><th>#</th><th>rule</th><th>matches</th><th>outcome</th></tr></thead>
<tbody>
{% for rule in section.rules %}
<tr><td>{{ loop.index }}</td><td><code>{{ rule.id }}</code>{% if rule.text %}<br>{{ rule.text }}{% endif %}<br>
<span class="place">{{ rule.place }}</span></td><td><code>{{ rule.match }}</code></td><td>{{ rule.outcome }}
{% for line in rule.result.splitlines() %}
<br><code>{{ line }}</code>
{% endfor %}
</td></tr>
{% endfor %}
</tbody>
</table>
</section>
{% endfor %}
</body>
</html>
"""
