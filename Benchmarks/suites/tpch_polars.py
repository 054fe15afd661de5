"""The 22 TPC-H queries in Polars' own interface, whose SQL has no correlated subqueries. Called in Polars' process with the tables' lazy frames.

Joins are in the order that the selective filters suggest, since Polars does not choose one. They answer the rows of Tests/TPCH.
"""

from datetime import date

import polars as pl
from polars import col

REVENUE = col("l_extendedprice") * (1 - col("l_discount"))


def between(name, first, past):
    return (col(name) >= first) & (col(name) < past)


def q01(t):
    quantity, price = col("l_quantity"), col("l_extendedprice")
    return t["lineitem"].filter(col("l_shipdate") <= date(1998, 9, 2)).group_by("l_returnflag", "l_linestatus").agg(
        quantity.sum().alias("sum_qty"), price.sum().alias("sum_base_price"), REVENUE.sum().alias("sum_disc_price"), (REVENUE * (1 + col("l_tax"))).sum().alias("sum_charge"),
        quantity.mean().alias("avg_qty"), price.mean().alias("avg_price"), col("l_discount").mean().alias("avg_disc"), pl.len().alias("count_order"),
    ).sort("l_returnflag", "l_linestatus")


def q02(t):
    europe = t["region"].filter(col("r_name") == "EUROPE").join(t["nation"], left_on="r_regionkey", right_on="n_regionkey")
    offers = t["part"].filter(col("p_size") == 15, col("p_type").str.ends_with("BRASS")).join(t["partsupp"], left_on="p_partkey", right_on="ps_partkey").join(
        t["supplier"].join(europe, left_on="s_nationkey", right_on="n_nationkey"), left_on="ps_suppkey", right_on="s_suppkey")
    least = offers.group_by("p_partkey").agg(col("ps_supplycost").min())
    return offers.join(least, on=["p_partkey", "ps_supplycost"]).select(
        "s_acctbal", "s_name", "n_name", "p_partkey", "p_mfgr", "s_address", "s_phone", "s_comment"
    ).sort("s_acctbal", "n_name", "s_name", "p_partkey", descending=[True, False, False, False]).head(100)


def q03(t):
    buyers = t["customer"].filter(col("c_mktsegment") == "BUILDING")
    return buyers.join(t["orders"].filter(col("o_orderdate") < date(1995, 3, 15)), left_on="c_custkey", right_on="o_custkey").join(
        t["lineitem"].filter(col("l_shipdate") > date(1995, 3, 15)), left_on="o_orderkey", right_on="l_orderkey"
    ).group_by("o_orderkey", "o_orderdate", "o_shippriority").agg(REVENUE.sum().alias("revenue")).select(
        "o_orderkey", "revenue", "o_orderdate", "o_shippriority").sort("revenue", "o_orderdate", descending=[True, False]).head(10)


def q04(t):
    late = t["lineitem"].filter(col("l_commitdate") < col("l_receiptdate"))
    return t["orders"].filter(between("o_orderdate", date(1993, 7, 1), date(1993, 10, 1))).join(
        late, left_on="o_orderkey", right_on="l_orderkey", how="semi").group_by("o_orderpriority").agg(pl.len()).sort("o_orderpriority")


def q05(t):
    asia = t["region"].filter(col("r_name") == "ASIA").join(t["nation"], left_on="r_regionkey", right_on="n_regionkey")
    return asia.join(t["customer"], left_on="n_nationkey", right_on="c_nationkey").join(
        t["orders"].filter(between("o_orderdate", date(1994, 1, 1), date(1995, 1, 1))), left_on="c_custkey", right_on="o_custkey"
    ).join(t["lineitem"], left_on="o_orderkey", right_on="l_orderkey").join(
        t["supplier"], left_on=["l_suppkey", "n_nationkey"], right_on=["s_suppkey", "s_nationkey"]
    ).group_by("n_name").agg(REVENUE.sum().alias("revenue")).sort("revenue", descending=True)


def q06(t):
    return t["lineitem"].filter(
        between("l_shipdate", date(1994, 1, 1), date(1995, 1, 1)), col("l_discount").is_between(0.05, 0.07), col("l_quantity") < 24
    ).select((col("l_extendedprice") * col("l_discount")).sum())


def q07(t):
    two = t["nation"].filter(col("n_name").is_in(["FRANCE", "GERMANY"]))
    buyers = t["customer"].join(two, left_on="c_nationkey", right_on="n_nationkey").rename({"n_name": "cust_nation"})
    sellers = t["supplier"].join(two, left_on="s_nationkey", right_on="n_nationkey").rename({"n_name": "supp_nation"})
    shipped = t["lineitem"].filter(col("l_shipdate").is_between(date(1995, 1, 1), date(1996, 12, 31)))
    return buyers.join(t["orders"], left_on="c_custkey", right_on="o_custkey").join(shipped, left_on="o_orderkey", right_on="l_orderkey").join(
        sellers, left_on="l_suppkey", right_on="s_suppkey").filter(col("supp_nation") != col("cust_nation")).group_by(
        "supp_nation", "cust_nation", col("l_shipdate").dt.year().alias("l_year")).agg(REVENUE.sum().alias("revenue")).sort("supp_nation", "cust_nation", "l_year")


def q08(t):
    america = t["region"].filter(col("r_name") == "AMERICA").join(t["nation"], left_on="r_regionkey", right_on="n_regionkey").select("n_nationkey")
    buyers = t["customer"].join(america, left_on="c_nationkey", right_on="n_nationkey", how="semi")
    sold = t["part"].filter(col("p_type") == "ECONOMY ANODIZED STEEL").join(t["lineitem"], left_on="p_partkey", right_on="l_partkey")
    ordered = t["orders"].filter(col("o_orderdate").is_between(date(1995, 1, 1), date(1996, 12, 31)))
    sellers = t["supplier"].join(t["nation"], left_on="s_nationkey", right_on="n_nationkey")
    return sold.join(ordered, left_on="l_orderkey", right_on="o_orderkey").join(buyers, left_on="o_custkey", right_on="c_custkey", how="semi").join(
        sellers, left_on="l_suppkey", right_on="s_suppkey").group_by(col("o_orderdate").dt.year().alias("o_year")).agg(
        (REVENUE.filter(col("n_name") == "BRAZIL").sum() / REVENUE.sum()).alias("mkt_share")).sort("o_year")


def q09(t):
    amount = REVENUE - col("ps_supplycost") * col("l_quantity")
    green = t["part"].filter(col("p_name").str.contains("green", literal=True))
    return t["lineitem"].join(green, left_on="l_partkey", right_on="p_partkey", how="semi").join(
        t["partsupp"], left_on=["l_partkey", "l_suppkey"], right_on=["ps_partkey", "ps_suppkey"]
    ).join(
        t["supplier"].join(t["nation"], left_on="s_nationkey", right_on="n_nationkey"), left_on="l_suppkey", right_on="s_suppkey"
    ).join(t["orders"], left_on="l_orderkey", right_on="o_orderkey").group_by("n_name", col("o_orderdate").dt.year().alias("o_year")).agg(
        amount.sum().alias("sum_profit")).sort("n_name", "o_year", descending=[False, True])


def q10(t):
    return t["orders"].filter(between("o_orderdate", date(1993, 10, 1), date(1994, 1, 1))).join(
        t["lineitem"].filter(col("l_returnflag") == "R"), left_on="o_orderkey", right_on="l_orderkey"
    ).join(t["customer"], left_on="o_custkey", right_on="c_custkey").join(t["nation"], left_on="c_nationkey", right_on="n_nationkey").group_by(
        "o_custkey", "c_name", "c_acctbal", "c_phone", "n_name", "c_address", "c_comment").agg(REVENUE.sum().alias("revenue")).select(
        "o_custkey", "c_name", "revenue", "c_acctbal", "n_name", "c_address", "c_phone", "c_comment").sort("revenue", descending=True).head(20)


def q11(t):
    value = col("ps_supplycost") * col("ps_availqty")
    german = t["nation"].filter(col("n_name") == "GERMANY").join(t["supplier"], left_on="n_nationkey", right_on="s_nationkey").join(
        t["partsupp"], left_on="s_suppkey", right_on="ps_suppkey")
    total = german.select((value.sum().cast(pl.Float64) * 0.0001).alias("least"))
    return german.group_by("ps_partkey").agg(value.sum().alias("value")).join(total, how="cross").filter(
        col("value").cast(pl.Float64) > col("least")).select("ps_partkey", "value").sort("value", descending=True)


def q12(t):
    urgent = col("o_orderpriority").is_in(["1-URGENT", "2-HIGH"])
    received = t["lineitem"].filter(
        col("l_shipmode").is_in(["MAIL", "SHIP"]), col("l_commitdate") < col("l_receiptdate"), col("l_shipdate") < col("l_commitdate"),
        between("l_receiptdate", date(1994, 1, 1), date(1995, 1, 1)))
    return received.join(t["orders"], left_on="l_orderkey", right_on="o_orderkey").group_by("l_shipmode").agg(
        urgent.sum().alias("high_line_count"), (~urgent).sum().alias("low_line_count")).sort("l_shipmode")


def q13(t):
    counted = t["orders"].filter(~col("o_comment").str.contains("special.*requests")).group_by("o_custkey").agg(pl.len().alias("c_count"))
    return t["customer"].join(counted, left_on="c_custkey", right_on="o_custkey", how="left").with_columns(col("c_count").fill_null(0)).group_by("c_count").agg(
        pl.len().alias("custdist")).sort("custdist", "c_count", descending=True)


def q14(t):
    sold = t["lineitem"].filter(between("l_shipdate", date(1995, 9, 1), date(1995, 10, 1))).join(t["part"], left_on="l_partkey", right_on="p_partkey")
    return sold.select(100 * REVENUE.filter(col("p_type").str.starts_with("PROMO")).sum().cast(pl.Float64) / REVENUE.sum().cast(pl.Float64))


def q15(t):
    revenue = t["lineitem"].filter(between("l_shipdate", date(1996, 1, 1), date(1996, 4, 1))).group_by("l_suppkey").agg(REVENUE.sum().alias("total_revenue"))
    return t["supplier"].join(revenue, left_on="s_suppkey", right_on="l_suppkey").filter(col("total_revenue") == col("total_revenue").max()).select(
        "s_suppkey", "s_name", "s_address", "s_phone", "total_revenue").sort("s_suppkey")


def q16(t):
    complained = t["supplier"].filter(col("s_comment").str.contains("Customer.*Complaints"))
    wanted = t["part"].filter(
        col("p_brand") != "Brand#45", ~col("p_type").str.starts_with("MEDIUM POLISHED"), col("p_size").is_in([49, 14, 23, 45, 19, 3, 36, 9]))
    return wanted.join(t["partsupp"], left_on="p_partkey", right_on="ps_partkey").join(
        complained, left_on="ps_suppkey", right_on="s_suppkey", how="anti").group_by("p_brand", "p_type", "p_size").agg(
        col("ps_suppkey").n_unique().alias("supplier_cnt")).sort("supplier_cnt", "p_brand", "p_type", "p_size", descending=[True, False, False, False])


def q17(t):
    sold = t["part"].filter(col("p_brand") == "Brand#23", col("p_container") == "MED BOX").select("p_partkey").join(
        t["lineitem"], left_on="p_partkey", right_on="l_partkey")
    usual = sold.group_by("p_partkey").agg((0.2 * col("l_quantity").mean()).alias("least"))
    return sold.join(usual, on="p_partkey").filter(col("l_quantity").cast(pl.Float64) < col("least")).select(col("l_extendedprice").sum() / 7.0)


def q18(t):
    large = t["lineitem"].group_by("l_orderkey").agg(col("l_quantity").sum().alias("total_quantity")).filter(col("total_quantity") > 300)
    return t["orders"].join(large, left_on="o_orderkey", right_on="l_orderkey").join(t["customer"], left_on="o_custkey", right_on="c_custkey").select(
        "c_name", "o_custkey", "o_orderkey", "o_orderdate", "o_totalprice", "total_quantity").sort("o_totalprice", "o_orderdate", descending=[True, False]).head(100)


def q19(t):
    def choice(brand, containers, quantity, size):
        return ((col("p_brand") == brand) & col("p_container").is_in([f"{containers[0]} {kind}" for kind in containers[1:]])
                & col("l_quantity").is_between(quantity, quantity + 10) & col("p_size").is_between(1, size))

    return t["lineitem"].filter(col("l_shipmode").is_in(["AIR", "AIR REG"]), col("l_shipinstruct") == "DELIVER IN PERSON").join(
        t["part"], left_on="l_partkey", right_on="p_partkey"
    ).filter(
        choice("Brand#12", ["SM", "CASE", "BOX", "PACK", "PKG"], 1, 5) | choice("Brand#23", ["MED", "BAG", "BOX", "PKG", "PACK"], 10, 10)
        | choice("Brand#34", ["LG", "CASE", "BOX", "PACK", "PKG"], 20, 15)).select(REVENUE.sum())


def q20(t):
    forest = t["part"].filter(col("p_name").str.starts_with("forest")).select("p_partkey")
    sold = t["lineitem"].filter(between("l_shipdate", date(1994, 1, 1), date(1995, 1, 1))).join(forest, left_on="l_partkey", right_on="p_partkey", how="semi").group_by(
        "l_partkey", "l_suppkey").agg((0.5 * col("l_quantity").sum().cast(pl.Float64)).alias("half"))
    offers = t["partsupp"].join(sold, left_on=["ps_partkey", "ps_suppkey"], right_on=["l_partkey", "l_suppkey"]).filter(col("ps_availqty") > col("half"))
    return t["supplier"].join(t["nation"].filter(col("n_name") == "CANADA"), left_on="s_nationkey", right_on="n_nationkey", how="semi").join(
        offers, left_on="s_suppkey", right_on="ps_suppkey", how="semi").select("s_name", "s_address").sort("s_name")


def q21(t):
    late, supplier = col("l_receiptdate") > col("l_commitdate"), col("l_suppkey")
    sellers = t["supplier"].join(t["nation"].filter(col("n_name") == "SAUDI ARABIA"), left_on="s_nationkey", right_on="n_nationkey", how="semi")
    waited = t["lineitem"].filter(late).join(sellers, left_on="l_suppkey", right_on="s_suppkey").join(
        t["orders"].filter(col("o_orderstatus") == "F"), left_on="l_orderkey", right_on="o_orderkey", how="semi").select("l_orderkey", "s_name")
    # Orders of several suppliers of whom one was late.
    blamed = t["lineitem"].join(waited, on="l_orderkey", how="semi").group_by("l_orderkey").agg(
        supplier.min().alias("first"), supplier.max().alias("last"), supplier.filter(late).min().alias("first_late"), supplier.filter(late).max().alias("last_late")
    ).filter(col("first") < col("last"), col("first_late") == col("last_late"))
    return waited.join(blamed, on="l_orderkey", how="semi").group_by("s_name").agg(pl.len().alias("numwait")).sort(
        "numwait", "s_name", descending=[True, False]).head(100)


def q22(t):
    chosen = t["customer"].with_columns(col("c_phone").str.slice(0, 2).alias("cntrycode")).filter(
        col("cntrycode").is_in(["13", "31", "23", "29", "30", "18", "17"])).select("cntrycode", "c_acctbal", "c_custkey")
    usual = chosen.filter(col("c_acctbal") > 0).select(col("c_acctbal").mean().alias("usual"))
    return chosen.join(t["orders"], left_on="c_custkey", right_on="o_custkey", how="anti").join(usual, how="cross").filter(
        col("c_acctbal") > col("usual")).group_by("cntrycode").agg(pl.len().alias("numcust"), col("c_acctbal").sum()).sort("cntrycode")
