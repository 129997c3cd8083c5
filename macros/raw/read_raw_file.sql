{#- DuckDB reads the raw files in place: <raw_path>/<crm>/<table>.csv, .csv.gz or .parquet. -#}
{% macro raw_folder(crm) -%}
    {{ return((env_var('LEADSIGNAL_RAW', '') or var('raw_path')) ~ '/' ~ crm) }}
{%- endmacro %}

{% macro raw_files(crm, names) -%}
    {%- set files = [] -%}
    {%- for row in run_query("select file from glob('" ~ sql_text(raw_folder(crm)) ~ "/*') order by file").rows -%}
        {%- set name = row[0].replace('\\', '/').split('/')[-1] | lower -%}
        {%- for ending in ['.csv', '.csv.gz', '.parquet'] if name.endswith(ending) -%}
            {%- if normalised_name(name[:-(ending | length)]) in names -%} {%- do files.append(row[0]) -%} {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(files) }}
{%- endmacro %}

{% macro read_raw_parquet(file) -%}
    {%- set rows = "read_parquet('" ~ sql_text(file) ~ "', file_row_number = true)" -%}
    {%- set columns = {} -%}
    {%- for row in run_query('describe select * from ' ~ rows).rows -%}
        {%- do columns.setdefault(normalised_name(row[0]), {'sql': adapter.quote(row[0]), 'type': row[1]}) -%}
    {%- endfor -%}
    {{ return({'rows': rows, 'row_number': 'file_row_number', 'columns': columns, 'place': file}) }}
{%- endmacro %}

{#- The header is read first and every column named by it, so nothing about a file is guessed: what is not a comma-separated
    file with a header stops the build instead of becoming one column or no rows. -#}
{% macro read_raw_csv(file) -%}
    {%- set options = "auto_detect = false, strict_mode = true, encoding = '" ~ var('raw_encoding', 'utf-8') ~ "'" -%}
    {%- set header = raw_csv_header(file) -%}
    {%- set columns, types = {}, [] -%}
    {%- for name in header -%}
        {%- set column = normalised_name(name) if normalised_name(name) not in columns else 'repeated_' ~ loop.index -%}
        {%- do columns.setdefault(column, {'sql': adapter.quote(column), 'type': 'varchar'}) -%}
        {%- do types.append("'" ~ sql_text(column) ~ "': 'varchar'") -%}
    {%- endfor -%}
    {%- set rows = "read_csv('" ~ sql_text(file) ~ "', header = true, delim = ',', quote = '\"', escape = '\"', " ~ options
        ~ ', columns = {' ~ types | join(', ') ~ '})' -%}
    {{ return({'rows': rows, 'row_number': 'row_number() over ()', 'columns': columns, 'place': file}) }}
{%- endmacro %}

{% macro raw_csv_header(file) -%}
    {%- set lines = run_query("select line from read_csv('" ~ sql_text(file) ~ "', auto_detect = false, header = false, "
        ~ "strict_mode = false, delim = '\x1f', quote = '', escape = '', columns = {'line': 'varchar'}, encoding = '"
        ~ var('raw_encoding', 'utf-8') ~ "') limit 1").rows -%}
    {%- if not lines -%}
        {%- do exceptions.raise_compiler_error(file ~ ' is empty: it has no header line. Export it again, or remove it.') -%}
    {%- endif -%}
    {%- set pieces = [] -%}
    {%- for piece in lines[0][0].split('"') -%}
        {%- do pieces.append(piece.replace(',', ' ') if loop.index is even else piece) -%}
    {%- endfor -%}
    {{ return((pieces | join('')).split(',')) }}
{%- endmacro %}

{% macro sql_text(text) -%} {{ return(text | string | replace("'", "''")) }} {%- endmacro %}
