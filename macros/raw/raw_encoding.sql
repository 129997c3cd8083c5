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

{#- Stops the build with one line where a file is not UTF-8; looking for it takes a tenth of the time of reading. DuckDB lists what
    it could not read in tables of its own, when it is asked not to stop. -#}
{% macro check_raw_encoding(file) -%}
    {%- if raw_encoding() == 'utf-8' -%}
        {%- set lines = raw_csv_lines(file, {'store_rejects': 'true', 'rejects_limit': '1'}) -%}
        {%- do run_query('select count(*) from ' ~ lines) -%}
        {%- for row in run_query("select errors.line from reject_errors as errors join reject_scans as scans using (scan_id, file_id)"
            ~ " where errors.error_type = 'INVALID ENCODING' and scans.file_path = '" ~ raw_literal(file) ~ "' limit 1").rows -%}
            {%- do exceptions.raise_compiler_error(file ~ ' is not UTF-8 in line ' ~ row[0] ~ ': set encoding in dbt_project.yml'
                ~ ' (latin-1 for ISO-8859-1, or utf-16), or export it as UTF-8.') -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
