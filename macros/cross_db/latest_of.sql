{#- The greatest of several values (timestamps, dates or numbers) and the least, nulls left out; null where all are. -#}
{% macro latest_of(values) -%} {{ return(adapter.dispatch('extreme_of')('greatest', values)) }} {%- endmacro %}

{% macro earliest_of(values) -%} {{ return(adapter.dispatch('extreme_of')('least', values)) }} {%- endmacro %}

{% macro default__extreme_of(which, values) -%} {{ return(which ~ '(' ~ values | join(', ') ~ ')') }} {%- endmacro %}

{#- One null makes the answer null there: each value is replaced by the others where it is one. -#}
{% macro strict_extreme_of(which, values) -%}
    {%- set filled = [] -%}
    {%- for value in values -%}
        {%- do filled.append('coalesce(' ~ ([value] + (values | reject('equalto', value) | list)) | join(', ') ~ ')') -%}
    {%- endfor -%}
    {{ return(which ~ '(' ~ filled | join(', ') ~ ')') }}
{%- endmacro %}

{% macro bigquery__extreme_of(which, values) -%} {{ return(strict_extreme_of(which, values)) }} {%- endmacro %}
{% macro snowflake__extreme_of(which, values) -%} {{ return(strict_extreme_of(which, values)) }} {%- endmacro %}
{% macro trino__extreme_of(which, values) -%} {{ return(strict_extreme_of(which, values)) }} {%- endmacro %}
