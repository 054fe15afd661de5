print("minipresto")
