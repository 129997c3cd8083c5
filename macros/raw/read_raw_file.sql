{#- DuckDB reads the raw files in place: <raw_path>/<crm>/<table>.csv, .csv.gz or .parquet. -#}
{% macro raw_folder(crm) -%} {{ return(raw_root() ~ '/' ~ crm) }} {%- endmacro %}

{% macro raw_root() -%} {{ return(env_var('LEADSIGNAL_RAW', '') or var('raw_path')) }} {%- endmacro %}

{% macro raw_files(crm, names) -%}
    {%- set files = [] -%}
    {%- for row in run_query(raw_files_query(raw_folder(crm) ~ '/')).rows if row[1] in names -%} {%- do files.append(row[0]) -%} {%- endfor -%}
    {{ return(files) }}
{%- endmacro %}

{#- Files (path, normalised name of the table that it holds, '' where it holds none, name of the folder) of a folder, or of
    every one in it. -#}
{% macro raw_files_query(folder, within='') -%}
    {%- set ending = '[.](csv|csv[.]gz|parquet)$' -%}
    select
        file,
        case when regexp_matches(name, '{{ ending }}') then regexp_replace(name, '{{ ending }}|[-_ ]', '', 'g') else '' end,
        folder
    from (
        select file, lower(string_split(path, '/')[-1]) as name, string_split(path, '/')[-2] as folder
        from (
            select file, replace(file, chr(92), '/') as path from glob('{{ raw_pattern(folder) ~ within }}*')
        ) as paths
    ) as files
    order by file
{%- endmacro %}

{% macro read_raw_parquet(file) -%}
    {%- set rows = "read_parquet('" ~ raw_pattern(file) ~ "')" -%}
    {%- set found = {} -%}
    {%- for row in run_query('describe select * from ' ~ rows).rows -%}
        {%- do found.update({row[0]: {'sql': quoted_column(row[0]), 'type': row[1] | lower}}) -%}
    {%- endfor -%}
    {{ return({
        'rows': rows[:-1] ~ ', file_row_number = true)', 'row_number': 'file_row_number', 'place': file,
        'columns': raw_columns_by_name(found)
    }) }}
{%- endmacro %}

{#- The header is read first and every column named by it, so nothing about a file is guessed: what is not a comma-separated
    file with a header stops the build instead of becoming one column or no rows. -#}
{% macro read_raw_csv(file) -%}
    {%- set found, definitions = {}, {} -%}
    {%- for name in raw_csv_header(file) -%}
        {%- set unlike = name if name and name | lower not in definitions else name ~ ' (column ' ~ loop.index ~ ')' -%}
        {%- do found.setdefault(name, {'sql': quoted_column(unlike), 'type': 'varchar'}) -%}
        {%- do definitions.update({unlike | lower: "'" ~ raw_literal(unlike) ~ "': 'varchar'"}) -%}
    {%- endfor -%}
    {%- set options = {'header': 'true', 'delim': "','", 'quote': "'\"'", 'escape': "'\"'", 'strict_mode': 'true', 'nullstr': raw_csv_nothing()} -%}
    {{ return({
        'rows': raw_csv(file, options, definitions.values()), 'row_number': 'row_number() over ()', 'place': file,
        'csv_file': file, 'columns': raw_columns_by_name(found)
    }) }}
{%- endmacro %}

{#- What databases and tools write into a file for no value. -#}
{% macro raw_csv_nothing() -%} {{ return("['', '\\N', 'NULL', 'null', 'NaN', 'nan', '<NA>']") }} {%- endmacro %}

{% macro raw_csv_header(file) -%}
    {%- set first, second = raw_csv_first_line(file, {}), raw_csv_first_line(file, {'header': 'true'}) -%}
    {%- set lines = run_query('select (' ~ first ~ '), (' ~ second ~ ')').rows[0] -%}
    {#- A header in another encoding is passed over: then the second line comes first. -#}
    {%- if lines[0] == lines[1] -%} {%- do check_raw_encoding(file) -%} {%- endif -%}
    {%- if not lines[0] -%}
        {%- do exceptions.raise_compiler_error(file ~ ' is empty, it has no header line: export it again, or remove it.') -%}
    {%- endif -%}
    {%- set pieces = [] -%}
    {%- for piece in lines[0].split('"') -%}
        {%- do pieces.append(piece.replace(',', '\n') if loop.index is odd else piece) -%}
    {%- endfor -%}
    {{ return((pieces | join('')).split('\n') | map('trim') | list) }}
{%- endmacro %}

{#- Read by one thread: of two, either's first line may be there first. -#}
{% macro raw_csv_first_line(file, options) -%}
    {%- set careful = dict(options, ignore_errors='true', parallel='false') -%}
    {{ return('select line from ' ~ raw_csv_lines(file, careful) ~ ' limit 1') }}
{%- endmacro %}

{#- A CSV file as lines. -#}
{% macro raw_csv_lines(file, more) -%}
    {%- set options = {'header': 'false', 'delim': 'chr(31)', 'quote': "''", 'escape': "''", 'strict_mode': 'false'} -%}
    {{ return(raw_csv(file, dict(options, **more), ["'line': 'varchar'"])) }}
{%- endmacro %}

{% macro raw_csv(file, options, types) -%}
    {%- set settings = ['auto_detect = false', "encoding = '" ~ raw_encoding() ~ "'"] -%}
    {%- for name, value in options.items() -%} {%- do settings.append(name ~ ' = ' ~ value) -%} {%- endfor -%}
    {{ return("read_csv('" ~ raw_pattern(file) ~ "', " ~ settings | join(', ') ~ ', columns = {' ~ types | join(', ') ~ '})') }}
{%- endmacro %}

{% macro raw_literal(text) -%} {{ return(text | string | replace("'", "''")) }} {%- endmacro %}

{#- The name of a column as a file or a setting has it, which may hold quotes. -#}
{% macro quoted_column(name) -%} {{ return(adapter.quote(name | replace('"', '""'))) }} {%- endmacro %}

{#- A path that stands for itself alone: DuckDB takes paths for patterns. -#}
{% macro raw_pattern(path) -%}
    {{ return(raw_literal(path).replace('[', '[[]').replace('*', '[*]').replace('?', '[?]')) }}
{%- endmacro %}
