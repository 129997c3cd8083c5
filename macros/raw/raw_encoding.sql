{#- The encoding of CSV files by DuckDB's name; the setting takes the usual spellings of it. -#}
{% macro raw_encoding() -%}
    {%- set wanted = var('encoding', none) or 'utf-8' -%}
    {%- set known = {'utf8': 'utf-8', 'utf8sig': 'utf-8', 'ascii': 'utf-8', 'latin1': 'latin-1', 'iso88591': 'latin-1',
        'utf16': 'utf-16', 'utf16le': 'utf-16'} -%}
    {%- set encoding = known.get(normalised_names([wanted])[0]) -%}
    {%- if not encoding -%}
        {%- do exceptions.raise_compiler_error('encoding in dbt_project.yml is `' ~ wanted ~ '`, which cannot be read. Possible are utf-8,'
            ~ ' latin-1 (ISO-8859-1) and utf-16: export the files as one of these.') -%}
    {%- endif -%}
    {{ return(encoding) }}
{%- endmacro %}

{#- Stops the build with one line where a file is not UTF-8; looking for it takes a tenth of the time of reading. A carriage return in
    a cell, before a character of several bytes, is taken for half of a line's end: what is found is looked for with other ends. -#}
{% macro check_raw_encoding(file) -%}
    {%- if raw_encoding() == 'utf-8' -%}
        {%- set lines = raw_unreadable_lines(file, 'reject') -%}
        {%- if lines and raw_unreadable_lines(file, 'again', {'new_line': "'\\n'"}) -%}
            {%- do exceptions.raise_compiler_error(file ~ ' is not UTF-8 in line ' ~ lines[0] ~ ': set encoding in dbt_project.yml'
                ~ ' (latin-1 for ISO-8859-1, or utf-16), or export it as UTF-8.') -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{#- The number of a line that is not UTF-8, if there is one. DuckDB lists what it could not read in tables of its own, when it is asked
    not to stop; their names begin as told. -#}
{% macro raw_unreadable_lines(file, noted, more={}) -%}
    {%- set options = {'store_rejects': 'true', 'rejects_limit': '1', 'rejects_table': "'" ~ noted ~ "_errors'",
        'rejects_scan': "'" ~ noted ~ "_scans'"} -%}
    {%- do run_query('select count(*) from ' ~ raw_csv_lines(file, dict(options, **more))) -%}
    {{ return(run_query('select errors.line from ' ~ noted ~ '_errors as errors join ' ~ noted ~ "_scans as scans using (scan_id, file_id)"
        ~ " where errors.error_type = 'INVALID ENCODING' and scans.file_path = '" ~ raw_literal(file) ~ "' limit 1").columns[0].values()) }}
{%- endmacro %}
