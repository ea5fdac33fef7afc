CHATS = []
