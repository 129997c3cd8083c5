{#- Stops the build with one line when a required table or column is not there, or a file is not what its name says. -#}
{% macro check_raw_table(layout, crm, table, found) -%}
    {%- if found.csv_file -%} {%- do check_raw_encoding(found.csv_file) -%} {%- endif -%}
    {%- if found -%} {{ return(check_raw_columns(layout, crm, table, found)) }} {%- endif -%}
    {%- for source in graph.sources.values() if source.source_name == layout and source.name == table -%}
        {%- set other = source.config.meta.get('required_unless') -%}
        {%- if source.config.meta.get('required') and not find_raw_table(crm, other, layout) -%}
            {%- do exceptions.raise_compiler_error('No table `' ~ [table, other] | select | join('` or `') ~ '` of CRM `' ~ crm
                ~ '`: looked for it in ' ~ raw_place(crm) ~ '. Load it there, or correct raw_path and crms in dbt_project.yml.') -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}

{% macro check_raw_columns(layout, crm, table, found) -%}
    {%- set known, missing, whose = [], [], 'Table `' ~ table ~ '` of CRM `' ~ crm ~ '` has no column ' -%}
    {%- for field in raw_fields(layout, table) -%}
        {%- if field.names | select('in', found.columns) | list -%} {%- do known.append(field.name) -%}
        {%- elif field.unless_missing and not find_raw_table(crm, field.unless_missing, layout) -%}
            {%- do exceptions.warn(whose ~ field.name ~ ' and there is no `' ~ field.unless_missing
                ~ '`: read as a snapshot, its rows stand in no month. Add the column to see months.') -%}
        {%- elif field.is_required -%} {%- do missing.append(field.name) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not known -%}
        {%- do exceptions.raise_compiler_error(raw_header_complaint(table, found)) -%}
    {%- elif missing -%}
        {%- do exceptions.raise_compiler_error(whose ~ missing | join(', ') ~ ': looked for it in ' ~ found.place
            ~ '. Add it to the extract, or name it in ' ~ layout ~ '_fields in dbt_project.yml.') -%}
    {%- endif -%}
{%- endmacro %}

{% macro raw_header_complaint(table, found) -%}
    {%- set header = found.columns | join(',') -%}
    {%- for name, mark in {'semicolons': ';', 'tabs': '\t', 'bars': '|'}.items() if mark in header -%}
        {{ return(found.place ~ ' is separated by ' ~ name ~ ', not by commas: export it with commas.') }}
    {%- endfor -%}
    {{ return(found.place ~ ' has none of the columns of `' ~ table
        ~ '` in its first line: it needs a header line with the names of the columns.') }}
{%- endmacro %}

{% macro raw_place(crm) -%} {{ return(adapter.dispatch('raw_place')(crm)) }} {%- endmacro %}
{% macro default__raw_place(crm) -%} {{ return('schema ' ~ var(crm ~ '_schema', crm)) }} {%- endmacro %}
{% macro duckdb__raw_place(crm) -%} {{ return(raw_folder(crm) ~ ' (.csv, .csv.gz or .parquet)') }} {%- endmacro %}
