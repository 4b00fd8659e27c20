"""Lists and figures that span the chain: the monthly service-items list [3.4]; bulletins [3.10] are to come."""
