{#-
A table on DuckDB in one statement. dbt-duckdb's own builds beside, renames twice and drops, which protects readers of a table
that stands; ours have none, since every build fills files that nobody has open and is published whole. A third of the fixed
cost of a model goes with it. Contracts, hooks and comments are as everywhere; grants and indexes DuckDB has none of.
-#}
{% materialization table, adapter='duckdb' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set table = this.incorporate(type='table') -%}
    {%- if existing is not none -%}{%- do adapter.drop_relation(existing) -%}{%- endif -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- call statement('main') -%}{{ create_table_as(False, table, sql) }}{%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do persist_docs(table, model) -%}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [table]}) }}
{% endmaterialization %}
