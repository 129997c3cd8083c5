{#- The domain of a web address, without protocol, www, path and port. -#}
{% macro domain_of(website) -%}
    nullif(regexp_replace(regexp_replace({{ folded(website) }}, '^([a-z]+://)?(www[.])?', ''), '[/:?#].*$', ''), '')
{%- endmacro %}
