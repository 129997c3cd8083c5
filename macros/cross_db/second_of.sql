{#- A timestamp without the fraction of its second. -#}
{% macro second_of(moment) -%} {{ return(adapter.dispatch('second_of')(moment)) }} {%- endmacro %}
{% macro default__second_of(moment) -%} {{ return("date_trunc('second', " ~ moment ~ ')') }} {%- endmacro %}
{% macro bigquery__second_of(moment) -%} {{ return('timestamp_trunc(' ~ moment ~ ', second)') }} {%- endmacro %}
